export { type Fault, faultText, shown } from './fault.ts'
export { netshFindingTable } from './findings.ts'
export { redactLine } from './parse/redactLine.ts'
export { hasNetshCalls, isNetshScript } from './read/recogniseScript.ts'
export {
  type NetshScriptReading,
  type ReadScriptOptions,
  readNetshScript,
  type ScriptContext,
} from './read/readNetshScript.ts'
export { completionsOf, type NamesFor } from './shell/completion.ts'
export { type ContextPath, shellTable } from './shell/contexts.ts'
export {
  type HelpTopic,
  interpretLine,
  type LineResult,
  type LineStep,
  type ShellState,
  startState,
} from './shell/interpreter.ts'
export { netshReferenceMarkdown } from './shell/reference.ts'
export { helpText, usageText } from './shell/usage.ts'
export type { ShowContext } from './show/showContext.ts'
export { showStatic } from './show/showStatic.ts'
export type { Answer, StaticEffect } from './static/answer.ts'
export type { SessionContext } from './static/context.ts'
export { faultOutput, StaticSession, storeClosedFault } from './static/staticSession.ts'
export { type DynamicCommand, type NetshCommand, type StaticCommand, commandTable } from './table/commandTable.ts'
export { messageTable } from './table/messages.ts'
export { type WriteNetshOptions, writeNetsh } from './write/writeNetsh.ts'
