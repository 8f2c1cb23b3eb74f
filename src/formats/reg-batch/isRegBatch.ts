import { textOfPrefix } from '../textPrefix.ts'

const prefixLength = 65_536

/**
 * Whether a text has a command that changes the registry below a root key: `reg add HKLM\…`, `@reg.exe delete "HKEY_…`,
 * also with a folder before it, after another command, or in a block. Looks at the beginning only.
 */
export function isRegBatch(bytes: Uint8Array): boolean {
  const text = textOfPrefix(bytes.subarray(0, prefixLength))
  if (text === undefined) return false
  const hasKeyVariable = keyVariable.test(text)
  return text.split(/[\r\n]+/).some((line) => isRegLine(line, hasKeyVariable))
}

/** `set K=HKLM\…`, so that `reg add %K%\…` is a command of ours. */
const keyVariable = /\bset[ \t]{1,100}"?[^="\r\n]{1,255}=HK(?:LM|CU|CR|U|CC|EY_)/i

const regCommand = /\breg(?:\.exe)?"?[ \t]{1,100}(?:add|delete)[ \t]{1,100}"?(%|\\{0,2}HK(?:LM|CU|CR|U|CC|EY_))/i

function isRegLine(line: string, hasKeyVariable: boolean): boolean {
  const found = regCommand.exec(line)
  if (found === null || (found[1] === '%' && !hasKeyVariable)) return false
  const start = line.slice(0, found.index)
  return !/^[\s@]*(?:rem\b|::|#|;|\/\/)/i.test(start) && canPrecedeCommand(start)
}

/** Nothing, a sign that ends a command or folder, or a word that another command follows. */
function canPrecedeCommand(text: string): boolean {
  let end = text.length
  while (end > 0 && ' \t"@'.includes(text[end - 1] as string)) end -= 1
  if (end === 0 || '&|(\\/'.includes(text[end - 1] as string)) return true
  return /\b(?:call|do|else|start|cmd|c)$/i.test(text.slice(0, end).slice(-8)) || /^[\s@]*if\b/i.test(text)
}
