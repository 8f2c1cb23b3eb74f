import { type BatchCommand, CommandScanner } from '../../reg-batch/commandScanner.ts'
import { asWritten, firstUnknown, Variables } from '../../reg-batch/variables.ts'
import type { NetshFindingCode } from '../findings.ts'
import { withoutNetsh } from './netshCall.ts'

export type TellLine = (code: NetshFindingCode, what: string, line: number) => void
export type RunCommand = (text: string, line: number) => void

/** Commands and characters that loops may make of a batch file. */
const mostUnrolled = 262_144
const mostUnrolledCharacters = 64 * 1_048_576

/**
 * The calls of netsh in a batch file, in the order of its lines: continuations joined, variables of `set` lines put in,
 * loops over lists and numbers unrolled (netsh-ipsec.md 1.3). What only a run can decide is told and left out.
 */
export function runBatchFile(text: string, run: RunCommand, tell: TellLine): void {
  const reader = new BatchReader(new Variables(text.length), run, tell)
  new CommandScanner(text, reader.variables, (command) => reader.take(command)).scan()
  reader.end()
}

/** A `for` whose list and body are being read. */
interface Loop {
  readonly letter: string
  readonly counts: boolean
  readonly line: number
  items: readonly string[] | undefined
  readonly body: { readonly text: string; readonly line: number }[]
  /** It nests, or its list is one only a run knows. */
  isRefused: boolean
}

class BatchReader {
  readonly variables: Variables
  readonly #run: RunCommand
  readonly #tell: TellLine
  #loop: Loop | undefined
  #unrolled = 0
  #unrolledCharacters = 0
  #hasToldJump = false

  constructor(variables: Variables, run: RunCommand, tell: TellLine) {
    this.variables = variables
    this.#run = run
    this.#tell = tell
  }

  take(command: BatchCommand): void {
    const text = command.text.replace(/^[\s@,;=]{1,1000}/, '').trimEnd()
    if (this.#loop !== undefined && !command.isConditional) this.#endLoop()
    if (this.#takeIntoLoop(text, command)) return
    const head = forHead.exec(text)
    if (head !== null) {
      this.#endLoop()
      this.#loop = newLoop(head, command.line)
    } else if (command.isConditional) {
      this.#refuseConditional(text, command)
    } else {
      this.#runPlain(text, command)
    }
  }

  end(): void {
    this.#endLoop()
  }

  /** The list, then `do …`, then what stands in the block or after `&`. */
  #takeIntoLoop(text: string, command: BatchCommand): boolean {
    const loop = this.#loop
    if (loop === undefined || forHead.test(text)) return false
    if (loop.items === undefined && !loop.isRefused) {
      loop.items = itemsOf(text, loop.counts, mostUnrolled - this.#unrolled)
      if (loop.items === undefined) loop.isRefused = true
      return true
    }
    if (/^(?:if|else)\b/i.test(text)) {
      // Where the inner block ends is not known.
      loop.isRefused = true
    }
    const inner = text.replace(/^do\b\s*@?/i, '')
    if (/^(?:if|else|for)\b/i.test(inner)) loop.isRefused = true
    if (inner !== '') loop.body.push({ text: inner, line: command.line })
    return true
  }

  #endLoop(): void {
    const loop = this.#loop
    this.#loop = undefined
    if (loop === undefined || !loop.body.some(({ text }) => mentionsNetsh(text))) return
    const items = loop.items ?? []
    if (loop.isRefused) {
      for (const { text, line } of loop.body) {
        if (mentionsNetsh(text)) this.#tell('NETSH_CONDITION', 'it stands in a for that only a run decides', line)
      }
      return
    }
    const characters = loop.body.reduce((sum, { text }) => sum + text.length, 0) * items.length
    this.#unrolled += items.length * loop.body.length
    this.#unrolledCharacters += characters
    if (this.#unrolled > mostUnrolled || this.#unrolledCharacters > mostUnrolledCharacters) {
      this.#tell('NETSH_TOO_MANY', `for makes ${items.length} times ${loop.body.length} commands`, loop.line)
      return
    }
    const parts = loop.body.map(({ text, line }) => ({ parts: text.split(variableOf(loop.letter)), line }))
    for (const item of items) for (const body of parts) this.#runPlain(body.parts.join(item), { line: body.line })
  }

  #refuseConditional(text: string, command: BatchCommand): void {
    const assigned = assignmentOf(text)
    if (assigned !== undefined) this.variables.assign(assigned.name, undefined)
    else if (mentionsNetsh(text)) this.#tell('NETSH_CONDITION', 'it stands below an if', command.line)
    else this.#lookForJump(text, command.line)
  }

  #runPlain(text: string, command: Pick<BatchCommand, 'line'> & Partial<BatchCommand>): void {
    const assigned = assignmentOf(text)
    if (assigned !== undefined) {
      this.variables.assign(assigned.name, assigned.value)
    } else if (/^setlocal\b/i.test(text)) {
      this.variables.openScope()
    } else if (/^endlocal\b/i.test(text)) {
      this.variables.closeScope()
    } else if (!mentionsNetsh(text)) {
      this.#lookForJump(text, command.line)
    } else if (command.joint === '||') {
      this.#tell('NETSH_CONDITION', 'it runs when the command before fails', command.line)
    } else {
      const unknown = firstUnknown(text)
      if (unknown !== undefined) {
        this.#tell('NETSH_VARIABLE', unknown.startsWith('%') ? unknown : `%${unknown}%`, command.line)
      }
      this.#run(unknown === undefined ? text : asWritten(text), command.line)
    }
  }

  #lookForJump(text: string, line: number): void {
    if (this.#hasToldJump || !/^(?:goto\b|call\s*:|exit\b)/i.test(text)) return
    this.#hasToldJump = true
    this.#tell('NETSH_FLOW', text.slice(0, 40), line)
  }
}

/** `for %p in` and `for /l %p in`; percent signs are single by now, and the list stands in a block of its own. */
const forHead = /^for\s{1,100}(?:(\/[a-z])\s{1,100}[^%]{0,200})?%~?([a-z])\s{1,100}in\s{0,100}$/i

function newLoop(head: RegExpExecArray, line: number): Loop {
  const option = head[1]?.toLowerCase()
  return {
    letter: head[2] ?? '',
    counts: option === '/l',
    line,
    items: undefined,
    body: [],
    isRefused: option !== undefined && option !== '/l',
  }
}

/** `%p` and `%~p`, but not the beginning of a name between percent signs. */
function variableOf(letter: string): RegExp {
  return new RegExp(`%~?${letter}(?![a-z0-9_]*%)`, 'g')
}

function itemsOf(list: string, counts: boolean, most: number): readonly string[] | undefined {
  if (firstUnknown(list) !== undefined) return undefined
  const items = list.split(/[\s,;=]+/).filter((item) => item !== '')
  if (!counts) return items.some((item) => /[*?"']/.test(item)) ? undefined : items
  const [start, step, last, ...rest] = items.map(Number)
  if (start === undefined || step === undefined || last === undefined || rest.length > 0 || step === 0) return undefined
  if (![start, step, last].every(Number.isSafeInteger)) return undefined
  const count = Math.max(0, Math.floor((last - start) / step) + 1)
  return count > most ? undefined : Array.from({ length: count }, (_, index) => String(start + index * step))
}

/** A call of netsh, ipseccmd or ipsecpol, or a line that should have been one. */
function mentionsNetsh(text: string): boolean {
  return /\b(?:netsh|ipsec(?:cmd|pol))(?:\.exe)?(?=["\s]|$)/i.test(text) || withoutNetsh(text) !== undefined
}

/** `set NAME=value` and `set "NAME=value"`; what `/a` and `/p` assign only a run knows. */
function assignmentOf(text: string): { readonly name: string; readonly value: string | undefined } | undefined {
  const head = /^set\s{1,100}(\/[ap]\s{1,100})?/i.exec(text)
  if (head === null) return undefined
  const rest = text.slice(head[0].length)
  const end = rest.startsWith('"') ? rest.lastIndexOf('"') : 0
  const body = end > 0 ? rest.slice(1, end) : rest.replace(/^"/, '')
  const equals = body.indexOf('=')
  if (equals <= 0 || equals > 255) return undefined
  const name = body
    .slice(0, equals)
    .replace(/[+\-*/%&|^]$/, '')
    .trim()
  return { name, value: head[1] === undefined ? body.slice(equals + 1) : undefined }
}
