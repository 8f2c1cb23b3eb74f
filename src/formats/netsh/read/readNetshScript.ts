import type { Finding } from '../../../base/finding.ts'
import type { ObjectStore } from '../../../policy/storedObject.ts'
import { embeddedCommands } from '../../embedded-commands/index.ts'
import { emptyStore } from '../../object-store/index.ts'
import { boundedReport, decodeText, reportDecoding } from '../../text/index.ts'
import { type Fault, faultText, messageText, shown } from '../fault.ts'
import { type NetshFindingCode, netshFinding } from '../findings.ts'
import { interpretLine, type LineResult, type ShellState, startState } from '../shell/interpreter.ts'
import type { Answer, StaticEffect } from '../static/answer.ts'
import type { SessionContext } from '../static/context.ts'
import { StaticSession } from '../static/staticSession.ts'
import { runBatchFile } from './batchFile.ts'
import { ipsecpolCallOf, netshCallOf, withoutNetsh } from './netshCall.ts'
import { readIpsecpolLine } from '../ipsecpol/ipsecpolLine.ts'
import { runIpsecpol } from '../ipsecpol/runIpsecpol.ts'
import { hasNetshCalls, isNetshScript } from './recogniseScript.ts'
import { linesOf } from './linesOf.ts'

export interface NetshScriptReading {
  /** What Windows would have stored, an area for each store the script works on. */
  readonly stores: readonly ObjectStore[]
  readonly findings: readonly Finding[]
}

export type ScriptContext = Pick<SessionContext, 'newId' | 'whenChanged'>

export interface ReadScriptOptions {
  /** Code page of ANSI text. */
  readonly codePage?: string
}

/**
 * A script of `netsh -f`, or a batch file that calls netsh, ipseccmd or ipsecpol: the stores it builds, run on empty ones, and a finding for
 * every line that would have failed; a text of another language counts by the lines of these in it. Files are not read and nothing is done but to stored policy.
 */
export function readNetshScript(
  bytes: Uint8Array,
  context: ScriptContext,
  options: ReadScriptOptions = {},
): NetshScriptReading {
  const findings: Finding[] = []
  const decoded = decodeText(bytes, options.codePage)
  const { report, end } = boundedReport(findings, 'NETSH_MORE_FINDINGS')
  reportDecoding(decoded, report)
  const reader = new ScriptReader(context, (code, what, line) => report(netshFinding(code, what, { line })))
  if (hasNetshCalls(decoded.text)) reader.readBatch(decoded.text)
  else if (isNetshScript(decoded.text) || !reader.readEmbedded(decoded.text)) reader.readScript(decoded.text)
  end()
  return { stores: reader.stores(), findings }
}

type Tell = (code: NetshFindingCode, what: string, line: number) => void

class ScriptReader {
  readonly #context: SessionContext
  readonly #tell: Tell
  readonly #sessions = new Map<string, StaticSession>()
  /** Key of the session that commands work on. */
  #current = 'local'

  constructor(context: ScriptContext, tell: Tell) {
    this.#context = { ...context, machine: '', formatTime: String }
    this.#tell = tell
  }

  readScript(text: string): void {
    let state = startState
    let number = 0
    for (const line of linesOf(text)) {
      number += 1
      state = this.#runLine(state, line, number)
      if (state.isEnded) return
    }
  }

  /** Each call is a process of its own: contexts and the choice of a store do not outlast it (4.7). */
  readBatch(text: string): void {
    runBatchFile(text, (command, line) => this.#runCall(command, line), this.#tell)
  }

  /** Lines within a text of another language; `false` when there are none. */
  readEmbedded(text: string): boolean {
    const commands = embeddedCommands(text)
    for (const command of commands) {
      if (command.builtFrom.length > 0) this.#tell('NETSH_BUILT', shown(command.builtFrom.join(', ')), command.line)
      else this.#runCall(command.text, command.line)
    }
    return commands.length > 0
  }

  #runIpsecpol(text: string, line: number): void {
    const reading = readIpsecpolLine(text)
    if (!reading.ok) {
      this.#tell('NETSH_REFUSED', reading.what, line)
      return
    }
    const { store, domain, other, policy } = reading.value
    if (other !== undefined) {
      this.#tell(other === '-file' ? 'NETSH_EXEC' : 'NETSH_NOT_DONE', other, line)
    } else if (store === undefined) {
      this.#tell('NETSH_NOT_DONE', 'without -w the line is for the running agent', line)
    } else if (policy === undefined) {
      this.#tell('NETSH_REFUSED', '-p must name a policy', line)
    } else {
      this.#current = store === 'DS' ? `domain ${domain ?? ''}` : store === 'PERS' ? 'persistent' : 'local'
      const session = this.#session()
      for (const answer of runIpsecpol(session, reading.value)) this.#tellAnswer(answer, line)
      this.#current = 'local'
    }
  }

  #tellAnswer(answer: Answer, line: number): void {
    for (const note of answer.notes) this.#tell('NETSH_ODD', note, line)
    if (answer.fault !== undefined) this.#tell('NETSH_REFUSED', refusalText(answer.fault), line)
  }

  #runCall(command: string, line: number): void {
    const ipsecpol = ipsecpolCallOf(command)
    if (ipsecpol !== undefined) {
      this.#runIpsecpol(ipsecpol, line)
      return
    }
    const call = netshCallOf(command)
    if (call === undefined) {
      const wrong = withoutNetsh(command)
      if (wrong !== undefined) this.#tell('NETSH_REFUSED', wrong, line)
      return
    }
    for (const file of call.files) this.#tell('NETSH_EXEC', shown(file), line)
    if (call.machine !== undefined)
      this.#tell('NETSH_NOT_DONE', `-r ${shown(call.machine)}: taken for this computer`, line)
    let state: ShellState = startState
    if (call.context !== '') state = this.#runLine(state, call.context, line)
    if (call.command !== '') this.#runLine(state, call.command, line)
    this.#current = 'local'
  }

  /** Areas with something in them, the local one first. */
  stores(): ObjectStore[] {
    return [...this.#sessions.values()]
      .map((session) => session.store())
      .filter((store) => store.objects.length > 0 || store.values.length > 0)
  }

  #runLine(state: ShellState, line: string, number: number): ShellState {
    const other = state.context === '' ? otherContext(line) : undefined
    if (other !== undefined) {
      this.#tell('NETSH_NOT_DONE', `it is for netsh ${other}`, number)
      return state
    }
    const step = interpretLine(state, line)
    for (const note of step.notes) this.#tell('NETSH_ODD', note, number)
    this.#runResult(step.result, number)
    return step.state
  }

  #runResult(result: LineResult, line: number): void {
    switch (result.kind) {
      case 'nothing':
      case 'help':
        return
      case 'fault':
        this.#tell('NETSH_REFUSED', refusalText(result.fault), line)
        return
      case 'shell':
        if (result.row.verb === 'exec') this.#tell('NETSH_EXEC', shown(result.words[0] ?? ''), line)
        return
      case 'command':
        this.#runCommand(result.command, line)
    }
  }

  #runCommand(command: Extract<LineResult, { kind: 'command' }>['command'], line: number): void {
    if (isDynamic(command)) {
      this.#tell('NETSH_NOT_DONE', command.kind, line)
      return
    }
    // Listings build nothing, and whether they find anything does not matter.
    if (command.kind.startsWith('static show ')) return
    const answer = this.#session().run(command)
    for (const note of answer.notes) this.#tell('NETSH_ODD', note, line)
    if (answer.fault !== undefined) {
      const isDeletion = command.kind.startsWith('static delete ') && isAbsence(answer.fault)
      this.#tell(isDeletion ? 'NETSH_NOTHING_THERE' : 'NETSH_REFUSED', refusalText(answer.fault), line)
    }
    if (answer.effect !== undefined) this.#takeEffect(answer.effect, line)
  }

  #takeEffect(effect: StaticEffect, line: number): void {
    switch (effect.kind) {
      case 'set-store':
        this.#current = effect.location === 'domain' ? `domain ${effect.domain ?? ''}` : effect.location
        return
      case 'import':
        this.#tell('NETSH_IMPORT', shown(effect.file), line)
        return
      case 'export':
        this.#tell('NETSH_NOT_DONE', `exportpolicy ${shown(effect.file)}`, line)
        return
      case 'restore-examples':
        this.#tell('NETSH_IMPORT', 'restorepolicyexamples', line)
        return
      case 'set-batch':
      case 'dump':
      case 'show-group-policy':
    }
  }

  #session(): StaticSession {
    const known = this.#sessions.get(this.#current)
    if (known !== undefined) return known
    const made = new StaticSession(newStore(this.#current), this.#context)
    this.#sessions.set(this.#current, made)
    return made
  }
}

type AnyCommand = Extract<LineResult, { kind: 'command' }>['command']

function isDynamic(command: AnyCommand): command is Extract<AnyCommand, { kind: `dynamic ${string}` }> {
  return command.kind.startsWith('dynamic ')
}

function newStore(key: string): ObjectStore {
  if (key === 'local' || key === 'persistent') return emptyStore(key)
  const labels = key
    .slice('domain '.length)
    .split('.')
    .filter((label) => /^[\p{L}\p{N}_-]{1,63}$/u.test(label))
  return emptyStore('directory', [['CN=IP Security', 'CN=System', ...labels.map((label) => `DC=${label}`)].join(',')])
}

function isAbsence(found: Fault): boolean {
  return found.message.endsWith('_MISSING') && found.message !== 'TAG_MISSING'
}

function refusalText(found: Fault): string {
  return `${messageText(found.message, found.values).trim()} (${faultText(found)})`
}

/** Contexts of netsh that have nothing to do with IPsec policy [D]. */
const otherContexts: ReadonlySet<string> = new Set([
  'advfirewall',
  'branchcache',
  'bridge',
  'dhcp',
  'dhcpclient',
  'diag',
  'dnsclient',
  'firewall',
  'http',
  'int',
  'interface',
  'ipsecdosprotection',
  'lan',
  'mbn',
  'namespace',
  'nap',
  'netio',
  'p2p',
  'ras',
  'routing',
  'rpc',
  'trace',
  'wcn',
  'wfp',
  'winhttp',
  'wins',
  'winsock',
  'wlan',
])

function otherContext(line: string): string | undefined {
  const word = /^\s*([A-Za-z0-9]{2,20})(?=\s|$)/.exec(line.slice(0, 200))?.[1]?.toLowerCase()
  return word !== undefined && otherContexts.has(word) ? word : undefined
}
