import { type CmdCommand, type CmdFindingCode, runCmdScript } from '../../cmd-script/index.ts'
import type { NetshFindingCode } from '../findings.ts'
import { withoutNetsh } from './netshCall.ts'

export type TellLine = (code: NetshFindingCode, what: string, line: number) => void
export type RunCommand = (text: string, line: number) => void

/** What unrolling a batch file notices, as findings about netsh scripts. */
const findingCodes: Record<CmdFindingCode, NetshFindingCode | undefined> = {
  CMD_LOOP: 'NETSH_FLOW',
  CMD_MAY_END: 'NETSH_FLOW',
  CMD_LABEL_MISSING: 'NETSH_FLOW',
  CMD_CALL: 'NETSH_FLOW',
  CMD_TOO_MANY: 'NETSH_TOO_MANY',
  CMD_TOO_DEEP: 'NETSH_TOO_MANY',
  // The lines of the loop are told with their condition.
  CMD_FILE_NEEDED: undefined,
  CMD_SYNTAX: 'NETSH_FLOW',
}

/**
 * The calls of netsh, ipseccmd and ipsecpol in a batch file, in the order in which they run: continuations joined,
 * variables of `set` lines put in, loops unrolled (netsh-ipsec.md 1.3). What only a run can decide is told and left out.
 * `files` are texts that `for /f` reads, by name without folder in lower case.
 */
export function runBatchFile(text: string, run: RunCommand, tell: TellLine, files?: ReadonlyMap<string, string>): void {
  runCmdScript(text, {
    run: (command) => take(command, run, tell),
    tell: (code, what, line) => {
      const own = findingCodes[code]
      if (own !== undefined) tell(own, what, line)
    },
    ...(files === undefined ? {} : { files }),
  })
}

function take({ text, line, conditions, unknownNames }: CmdCommand, run: RunCommand, tell: TellLine): void {
  if (!callsTool.test(text) && withoutNetsh(text) === undefined) return
  const [condition] = conditions
  if (condition !== undefined) {
    tell('NETSH_CONDITION', condition, line)
    return
  }
  const [name] = unknownNames
  if (name !== undefined) tell('NETSH_VARIABLE', name, line)
  run(text, line)
}

const callsTool = /\b(?:netsh|ipsec(?:cmd|pol))(?:\.exe)?(?=["\s]|$)/i
