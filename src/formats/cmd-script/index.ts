export { type CmdFindingCode, cmdFindingTable } from './findings.ts'
export type { Joint } from './node.ts'
export { type CmdCommand, type CmdScriptOptions, runCmdScript } from './runCmdScript.ts'
