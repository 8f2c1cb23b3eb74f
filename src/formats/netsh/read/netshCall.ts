import { wordsOf } from '../parse/tokens.ts'

/** A call of netsh in a batch file, taken apart (netsh-ipsec.md 1.1). */
export interface NetshCall {
  /** Context of `-c`. */
  readonly context: string
  /** What is to be run, as text; empty when nothing is. */
  readonly command: string
  /** Scripts of `-a` and `-f`. */
  readonly files: readonly string[]
  /** Another computer of `-r`. */
  readonly machine?: string
}

/** What follows ipseccmd or ipsecpol; `undefined` when the command calls something else. */
export function ipsecpolCallOf(command: string): string | undefined {
  const start =
    /^(?:call\s+|@)*(?:"(?:[^"]*[\\/])?ipsec(?:cmd|pol)(?:\.exe)?"|(?:[^\s"]*[\\/])?ipsec(?:cmd|pol)(?:\.exe)?)(?=\s|$)/i.exec(
      command,
    )
  return start === null ? undefined : command.slice(start[0].length)
}

/**
 * What is wrong with a command of a batch file that only means something to netsh itself; `undefined` for others. A
 * script of `netsh -f` in which one line begins with the word netsh is taken for a batch file, and its other lines must
 * not vanish.
 */
export function withoutNetsh(command: string): string | undefined {
  return /^(?:call\s+|@)*(?:pushd\s+)?ipsec\s+(?:static|dynamic)\b/i.test(command.slice(0, 400))
    ? 'other lines of the file call netsh, and this one does not: write netsh before it, or leave it out of the others'
    : undefined
}

/** `undefined` when the command calls something else. */
export function netshCallOf(command: string): NetshCall | undefined {
  const start =
    /^(?:call\s+|start\s+(?:\/\w+\s+)*|cmd(?:\.exe)?\s+\/c\s+|@)*(?:"(?:[^"]*[\\/])?netsh(?:\.exe)?"|(?:[^\s"]*[\\/])?netsh(?:\.exe)?)(?=\s|$)/i.exec(
      command,
    )
  if (start === null) return undefined
  const rest = command.slice(start[0].length)
  const { words } = wordsOf(rest)
  const files: string[] = []
  let context = ''
  let machine: string | undefined
  let index = 0
  while (index < words.length) {
    const option = words[index]?.text.toLowerCase() ?? ''
    if (!/^[-/][acfrup]$/.test(option)) break
    const value = words[index + 1]?.text ?? ''
    if (option.endsWith('c')) context = value
    else if (option.endsWith('a') || option.endsWith('f')) files.push(value)
    else if (option.endsWith('r')) machine = value
    index += 2
  }
  const first = words[index]
  return {
    context,
    command: first === undefined ? '' : rest.slice(first.column - 1),
    files,
    ...(machine === undefined ? {} : { machine }),
  }
}
