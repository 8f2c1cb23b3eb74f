import { PolagentError } from '../../base/errors.ts'
import type { Finding, Report } from '../../base/finding.ts'
import type { RegReading, RegReadOptions } from '../reg/readReg.ts'
import { TreeBuilder } from '../reg/treeBuilder.ts'
import { boundedReport, decodeText, parseEncodingName, reportDecoding } from '../text/index.ts'
import { argumentsOf } from './argumentVector.ts'
import { type BatchFindingCode, batchFinding } from './batchFindingTable.ts'
import { type BatchCommand, CommandScanner } from './commandScanner.ts'
import { type RegCommand, readRegCommand } from './regCommand.ts'
import { asWritten, firstUnknown, Variables } from './variables.ts'

/**
 * Reads the `reg add` and `reg delete` commands of a batch file, in order (registry-store.md 4). Nothing is run, and
 * nothing guessed: what depends on conditions, loops or variables the script does not assign is left out and told.
 */
export function readRegBatch(bytes: Uint8Array, options: RegReadOptions = {}): RegReading {
  const decoded = decodeText(bytes, options.codePage ?? codePageOfScript(bytes))
  const findings: Finding[] = []
  const bounded = boundedReport(findings, 'BATCH_MORE_FINDINGS')
  reportDecoding(decoded, bounded.report)
  const reader = new BatchReader(decoded.text.length, bounded.report)
  new CommandScanner(decoded.text, reader.variables, (command) => reader.take(command)).scan()
  bounded.end()
  return { root: reader.tree.root.finish(), version: 5, encoding: decoded.encoding, findings }
}

/** A script that sets the code page of its console is most likely written in it. */
function codePageOfScript(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 4096))
  const number = /^[ \t]*@?chcp(?:\.com)?[ \t]+(\d{3,5})\b/im.exec(start)?.[1]
  if (number === undefined) return undefined
  try {
    const name = parseEncodingName(number)
    return name.startsWith('utf-') ? undefined : name
  } catch (error) {
    if (error instanceof PolagentError) return undefined
    throw error
  }
}

/** Commands that do not fail in a script that is read this far, so that what follows `&&` runs. */
const sureCommands = new Set([
  'reg',
  'echo',
  'set',
  'setlocal',
  'endlocal',
  'chcp',
  'title',
  'color',
  'cls',
  'cd',
  'pushd',
])

/** Assignments inside a command that is not understood: what they assign is not known. */
const innerSet = /\bset[ \t]{1,100}(?:\/[ap][ \t]{1,100})?"?([^="\s]{1,255})=/gi

class BatchReader {
  readonly tree = new TreeBuilder()
  readonly variables: Variables
  readonly #report: Report
  #hasDelayedExpansion = false
  #jumpLine: number | undefined
  #hasToldJump = false
  /** Whether the chain of && and || up to here certainly runs on. */
  #isSure = true

  constructor(textLength: number, report: Report) {
    this.variables = new Variables(textLength)
    this.#report = report
  }

  take(command: BatchCommand): void {
    if (command.joint === 'start' || command.joint === '&') this.#isSure = true
    if (command.joint === '||') this.#isSure = false
    const text = command.text.replace(/^[\s@,;=]{1,1000}/, '')
    const { word, rest } = commandWord(text)
    this.#run(word, rest, { ...command, isConditional: command.isConditional || !this.#isSure }, text)
    if (!sureCommands.has(word)) this.#isSure = false
  }

  #run(word: string, rest: string, command: BatchCommand, text: string): void {
    switch (word) {
      case 'reg':
        this.#runReg(rest, command)
        return
      case 'set':
        this.#runSet(rest, command)
        return
      case 'setlocal':
        if (/enabledelayedexpansion/i.test(rest)) this.#hasDelayedExpansion = true
        this.variables.openScope()
        return
      case 'endlocal':
        this.variables.closeScope()
        return
      case 'goto':
      case 'exit':
        this.#jumpLine ??= command.line
        return
      case 'call': {
        if (/^\s*:/.test(rest)) {
          this.#jumpLine ??= command.line
          return
        }
        const inner = commandWord(rest.trimStart())
        if (inner.word === 'reg') this.#runReg(inner.rest, command)
        return
      }
      case 'echo':
      case 'title':
        return
      case 'if':
      case 'else':
      case 'for':
      case 'do':
        this.#lookInside(text, command, 'BATCH_CONDITIONAL')
        return
      case 'regedit':
      case 'regedt32':
        this.#tell('BATCH_NOT_FOLLOWED', `${word} imports another file`, command)
        return
      default:
        this.#lookInside(text, command, 'BATCH_NOT_FOLLOWED')
    }
  }

  #tell(
    code: BatchFindingCode,
    what: string | undefined,
    command: BatchCommand,
    object?: string,
    field?: string,
  ): void {
    const place = {
      ...(object === undefined ? {} : { object: asWritten(object) }),
      ...(field === undefined ? {} : { field: field === '' ? '@' : asWritten(field).slice(0, 256) }),
      line: command.line,
    }
    this.#report(batchFinding(code, what, place))
  }

  /** A command that is not understood but has a reg command in it. */
  #lookInside(text: string, command: BatchCommand, code: BatchFindingCode): void {
    const found = /\breg(?:\.exe)?"?[ \t]{1,100}(add|delete)[ \t]{1,100}(.*)/is.exec(text)
    if (found !== null) {
      const args = argumentsOf(found[2] ?? '')
      this.#tell(code, undefined, command, args[0])
      if (found[1]?.toLowerCase() === 'add') this.#drop(readRegCommand('add', args))
    }
    for (const [, name] of text.matchAll(innerSet)) if (name !== undefined) this.variables.assign(name, undefined)
  }

  #runReg(rest: string, command: BatchCommand): void {
    const [verb, ...args] = argumentsOf(rest)
    switch (verb?.toLowerCase()) {
      case 'add':
        this.#runAddOrDelete('add', args, command)
        return
      case 'delete':
        this.#runAddOrDelete('delete', args, command)
        return
      case 'import':
      case 'restore':
      case 'load':
      case 'copy':
        this.#tell('BATCH_NOT_FOLLOWED', `reg ${verb.toLowerCase()}`, command, args[0])
        return
      default:
        // query, export, save and the like change nothing.
        if (verb !== undefined && firstUnknown(verb) !== undefined) {
          this.#tell('BATCH_UNKNOWN_VARIABLE', `%${firstUnknown(verb)}%`, command)
        }
    }
  }

  #runAddOrDelete(verb: 'add' | 'delete', args: readonly string[], command: BatchCommand): void {
    const [key] = args
    if (command.isConditional) {
      this.#tell('BATCH_CONDITIONAL', undefined, command, key)
      if (verb === 'add') this.#drop(readRegCommand(verb, args))
      return
    }
    const unknown = this.#unknownIn(args)
    if (unknown !== undefined) {
      this.#tell('BATCH_UNKNOWN_VARIABLE', unknown, command, key)
      if (verb === 'add') this.#drop(readRegCommand(verb, args))
      return
    }
    if (this.#jumpLine !== undefined && !this.#hasToldJump) {
      this.#hasToldJump = true
      this.#tell('BATCH_JUMPS', undefined, { ...command, line: this.#jumpLine })
    }
    this.#apply(readRegCommand(verb, args), command, key)
  }

  #unknownIn(args: readonly string[]): string | undefined {
    for (const arg of args) {
      const name = firstUnknown(arg)
      if (name !== undefined) return name.startsWith('%') ? name : `%${name}%`
      if (this.#hasDelayedExpansion && /![^!]{1,255}!/.test(arg)) return 'a variable between exclamation marks'
    }
    return undefined
  }

  #apply(reg: RegCommand, command: BatchCommand, key: string | undefined): void {
    switch (reg.kind) {
      case 'bad':
        this.#drop(reg)
        this.#tell('BATCH_MALFORMED', reg.what, command, reg.path?.join('\\') ?? key, reg.name)
        return
      case 'add-key':
        this.tree.open(reg.path, command.line)
        return
      case 'set':
        this.tree.open(reg.path, command.line).set({ name: reg.name, type: reg.type, data: reg.data })
        return
      case 'delete-key':
        if (!this.tree.remove(reg.path)) this.#tellNothing(reg.path, command)
        return
      case 'delete-all-values':
        if (this.tree.find(reg.path)?.unsetAll() !== true) this.#tellNothing(reg.path, command)
        return
      case 'delete-value':
        if (this.tree.find(reg.path)?.unset(reg.name) !== true) this.#tellNothing(reg.path, command, reg.name)
    }
  }

  #tellNothing(path: readonly string[], command: BatchCommand, name?: string): void {
    this.#tell('BATCH_NOTHING_TO_DELETE', undefined, command, path.join('\\'), name)
  }

  /** The value a command that is left out meant to replace must not stay. */
  #drop(reg: RegCommand): void {
    if (reg.kind !== 'bad' && reg.kind !== 'set') return
    if (reg.path !== undefined && reg.name !== undefined) this.tree.find(reg.path)?.unset(reg.name)
  }

  #runSet(rest: string, command: BatchCommand): void {
    const text = rest.trimStart()
    const switched = /^\/([ap])\b/i.exec(text)
    // set "NAME=value" anything: up to the last quote.
    const body = text.startsWith('"')
      ? text.slice(1, text.lastIndexOf('"') > 0 ? text.lastIndexOf('"') : undefined)
      : text
    const match = /^(?:\/[ap]\s{1,100})?"?([^="]{1,255})=/i.exec(switched === null ? body : text)
    const name = match?.[1]
    if (match === null || name === undefined) return
    const isKnown = switched === null && !command.isConditional
    const value = body.slice(match[0].length)
    this.variables.assign(
      switched === null ? name : name.replace(/[+\-*/%&|^]$/, '').trim(),
      isKnown ? value : undefined,
    )
  }
}

/** The name of the program, without its folder and ending, and what follows it. */
function commandWord(text: string): { readonly word: string; readonly rest: string } {
  const match = /^(?:"([^"]*)"|([^\s"/=,;]+(?:\/[^\s"=,;?]+)*))/.exec(text)
  if (match === null) return { word: '', rest: text }
  const path = match[1] ?? match[2] ?? ''
  const file = path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1)
  return { word: file.toLowerCase().replace(/\.(?:exe|com)$/, ''), rest: text.slice(match[0].length) }
}
