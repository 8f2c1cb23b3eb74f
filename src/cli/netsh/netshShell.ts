import { existsSync, realpathSync } from 'node:fs'
import { hostname } from 'node:os'
import { askAgent } from '../../agent/controlClient.ts'
import { PolagentError } from '../../base/errors.ts'
import {
  completionsOf,
  type DynamicCommand,
  type Fault,
  faultOutput,
  faultText,
  helpText,
  interpretLine,
  type LineResult,
  redactLine,
  type ShellState,
  shown,
  startState,
  type StaticCommand,
  type StaticEffect,
  storeClosedFault,
  writeNetsh,
} from '../../formats/netsh/index.ts'
import { readIpsecpolLine } from '../../formats/netsh/ipsecpol/ipsecpolLine.ts'
import { runIpsecpol } from '../../formats/netsh/ipsecpol/runIpsecpol.ts'
import { freshId } from '../freshId.ts'
import type { Io } from '../io.ts'
import { loadSource } from '../loadSource.ts'
import type { StoreAreaOfComputer, StoreOptions } from '../localStoreOf.ts'
import { stateDirectoryFor } from '../options.ts'
import { writeStores } from '../writeFormat.ts'
import { writeOutput } from '../writeOutput.ts'
import { Aliases } from './aliases.ts'
import { importedInto } from './importInto.ts'
import { OpenStore, StoreChanged } from './openStore.ts'
import { samplePolicies } from './samplePolicies.ts'
import { readScript, type Script } from './scriptFile.ts'
import { ShellOutput } from './shellOutput.ts'
import { fileKeeper, localKeeper } from './storeKeepers.ts'
import { systemCodes, systemMessage } from './systemMessage.ts'

export interface ShellOptions extends StoreOptions {
  /** Code page of ANSI scripts. */
  readonly encoding?: string
  /** A hive in place of this computer's store. */
  readonly store?: string
  /** Lines of scripts are committed one by one. */
  readonly each?: true
  readonly showKeys?: true
  readonly hideKeys?: true
}

/** Commands that do nothing to the store that was chosen. */
const worksWithoutStore: ReadonlySet<StaticCommand['kind']> = new Set(['static set store', 'static set batch'])
/** Scripts that may run one another. */
const deepestExec = 32
/** Scripts that one line may set going, all levels together: two lines of `exec` a level double at each level. */
const mostExecs = 10_000
/** How often a single command is tried on a store that others keep changing. */
const mostTries = 5
const longestReason = 120

/**
 * A session of netsh: runs lines and scripts on a store, prints what they give, and remembers whether one was refused.
 * A line at the prompt is a change of the store by itself; a script is one change as a whole, and so is what stands
 * between `set batch mode=enable` and `mode=disable`.
 */
export class NetshShell {
  readonly #io: Io
  readonly #options: ShellOptions
  readonly #output: ShellOutput
  readonly #aliases = new Aliases()
  #store: OpenStore
  #state: ShellState = startState
  #area: StoreAreaOfComputer = 'local'
  /** A domain was chosen, which cannot be opened: what is meant for it must not reach this computer's store. */
  #isDomainChosen = false
  #mode: 'online' | 'offline' = 'online'
  #isBatch = false
  /** Scripts that are running, the outermost first. */
  readonly #scripts: string[] = []
  /** Scripts run by `exec` since the outermost began. */
  #execs = 0
  #hasFailed = false
  /** Where the line that runs stands, for standard error. */
  #place = ''
  /** With `--each`: the last line whose change is in the store. */
  #lastCommitted = ''

  constructor(options: ShellOptions, io: Io) {
    this.#io = io
    this.#options = options
    this.#output = new ShellOutput(io)
    this.#store = this.#opened(options.store)
  }

  get prompt(): string {
    return `netsh${this.#state.context === '' ? '' : ` ${this.#state.context}`}>`
  }

  get isEnded(): boolean {
    return this.#state.isEnded
  }

  /** A command was refused. */
  get hasFailed(): boolean {
    return this.#hasFailed
  }

  /** One line, as typed at the prompt. */
  async runLine(line: string): Promise<void> {
    this.#place = ''
    if (!this.#holdsChanges) this.#store.refresh()
    await this.#runText(line)
    this.#output.flush()
  }

  /** A script of `-f`. Throws when it cannot be read or its changes cannot be written. */
  async runScript(file: string): Promise<void> {
    const script = await readScript(file, this.#options.encoding, this.#io)
    await this.#runWhole(file, script)
    this.#output.flush()
  }

  /** Everything printed so far is out. */
  flush(): void {
    this.#output.flush()
  }

  /** Writes what `set batch mode=enable` has held back, and ends the session. */
  async close(): Promise<void> {
    this.#output.stopCopy()
    if (this.#isBatch) await this.#store.commit('netsh: batch')
  }

  /** Forgets changes that are held back. */
  drop(): void {
    this.#store.drop()
    this.#isBatch = false
  }

  /** What may stand at the end of a line at the prompt. */
  completions(line: string): string[] {
    return completionsOf(this.#state.context, line, (kind, tag) => this.#names(kind, tag))
  }

  get #holdsChanges(): boolean {
    return this.#isBatch || (this.#scripts.length > 0 && this.#options.each !== true)
  }

  #opened(file: string | undefined): OpenStore {
    const keeper = file === undefined ? localKeeper(this.#options, this.#io) : fileKeeper(file)
    return new OpenStore(keeper, {
      newId: freshId,
      get whenChanged() {
        return Math.floor(Date.now() / 1000)
      },
      machine: hostname(),
      formatTime: timeText,
      showsKeys: this.#options.showKeys === true,
    })
  }

  /** Answers nothing when everything was done at once: a long script is not a chain of promises. */
  #runText(typed: string): Promise<void> | undefined {
    const line = this.#aliases.expanded(typed)
    const step = interpretLine(this.#state, line)
    this.#state = step.state
    for (const note of step.notes) this.#tell(note)
    return this.#runResult(step.result, line)
  }

  #runResult(result: LineResult, line: string): Promise<void> | undefined {
    switch (result.kind) {
      case 'nothing':
        return undefined
      case 'help':
        this.#output.out(helpText(result.of))
        return undefined
      case 'fault':
        this.#refuse(result.fault)
        return undefined
      case 'shell':
        return this.#runShell(`${result.row.verb} ${result.row.object ?? ''}`.trim(), result.words)
      case 'command': {
        const { command } = result
        if (isDynamic(command)) return this.#runDynamic(command)
        return this.#runStatic(command, line)
      }
    }
  }

  #runStatic(command: StaticCommand, line: string): Promise<void> | undefined {
    if (this.#isDomainChosen && !worksWithoutStore.has(command.kind)) {
      this.#refuse(storeClosedFault('the domain that was chosen by set store cannot be opened; nothing was done'))
      return undefined
    }
    if (!this.#holdsChanges && changesStore(command)) return this.#runAlone(command, line)
    const answer = this.#answer(command)
    if (answer === undefined) return undefined
    this.#print(answer)
    return answer.effect === undefined ? undefined : this.#takeEffect(answer.effect, line)
  }

  #answer(command: StaticCommand): ReturnType<ReturnType<OpenStore['session']>['run']> | undefined {
    try {
      return this.#store.session(this.#area).run(command)
    } catch (error) {
      this.#closed(error)
      return undefined
    }
  }

  /** A command that is a change of the store by itself: done again when another change came between. */
  async #runAlone(command: StaticCommand, line: string): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const answer = this.#answer(command)
      if (answer === undefined) return
      if (answer.fault !== undefined) return this.#print(answer)
      try {
        await this.#store.commit(this.#reason(line))
        this.#lastCommitted = this.#place
        return this.#print(answer)
      } catch (error) {
        this.#store.drop()
        if (error instanceof StoreChanged && tries < mostTries) continue
        if (this.#scripts.length > 0) throw error
        return this.#closed(error)
      }
    }
  }

  #reason(line: string): string {
    const words = `netsh ${this.#state.context} ${redactLine(line)}`.replaceAll(/\s+/g, ' ').trim()
    return words.length <= longestReason ? words : `${words.slice(0, longestReason)}…`
  }

  #print(answer: { readonly output: string; readonly fault?: Fault; readonly notes: readonly string[] }): void {
    this.#output.out(answer.output)
    for (const note of answer.notes) this.#tell(note)
    if (answer.fault !== undefined) this.#failed(faultText(answer.fault))
  }

  #refuse(found: Fault): void {
    this.#output.out(faultOutput(found))
    this.#failed(faultText(found))
  }

  #refuseBySystem(code: number, what: string): undefined {
    this.#output.out(systemMessage(code))
    this.#failed(what)
    return undefined
  }

  /** The store cannot be read or written. */
  #closed(error: unknown): void {
    if (!(error instanceof PolagentError)) throw error
    this.#refuse(storeClosedFault(`${error.message} [${error.code}]`))
  }

  #failed(what: string): void {
    this.#hasFailed = true
    this.#tell(what)
  }

  #tell(what: string): void {
    this.#output.err(`${this.#place === '' ? 'netsh' : this.#place}: ${what}\n`)
  }

  async #takeEffect(effect: StaticEffect, line: string): Promise<void> {
    switch (effect.kind) {
      case 'set-store':
        this.#isDomainChosen = effect.location === 'domain'
        if (effect.location === 'domain') return this.#refuse(storeClosedFault('directories cannot be opened yet'))
        this.#area = effect.location
        return this.#output.out('\n')
      case 'set-batch':
        return await this.#setBatch(effect.isEnabled)
      case 'dump':
        return this.#dump()
      case 'export':
        return await this.#export(effect.file)
      case 'import':
        return await this.#import(effect.file, line)
      case 'restore-examples':
        return await this.#restoreExamples(line)
      case 'show-group-policy':
        this.#output.out('\nNo policy is assigned by Group Policy.\n\n')
        return this.#tell('directories are not read yet: what a domain would assign is not known')
    }
  }

  async #setBatch(isEnabled: boolean): Promise<void> {
    const ends = this.#isBatch && !isEnabled
    this.#isBatch = isEnabled
    if (ends && !this.#holdsChanges) {
      try {
        await this.#store.commit('netsh: batch')
        this.#lastCommitted = this.#place
      } catch (error) {
        this.#store.drop()
        if (this.#scripts.length > 0) throw error
        return this.#closed(error)
      }
    }
    this.#output.out('\n')
  }

  #dump(): void {
    try {
      const area = this.#store.session(this.#area).area()
      const hidesKeys = this.#options.hideKeys === true
      this.#output.out(writeNetsh([area], { hidesKeys }, (finding) => this.#tell(finding.message)))
    } catch (error) {
      this.#closed(error)
    }
  }

  async #export(file: string): Promise<void> {
    try {
      const store = this.#store.session(this.#area).store()
      const bytes = await writeStores([store], 'ipsec', { fileName: file, containerDn: '' }, ({ message }) =>
        this.#tell(message),
      )
      writeOutput(bytes, file, true, this.#io)
      this.#output.out('\n')
    } catch (error) {
      this.#fileFault(error)
    }
  }

  async #import(file: string, line: string): Promise<void> {
    const found = existsSync(file) || !existsSync(`${file}.ipsec`) ? file : `${file}.ipsec`
    try {
      const { set } = await loadSource(found === 'local' ? './local' : found, this.#options, this.#io)
      const into = this.#store.session(this.#area).store()
      this.#store.replace(
        this.#area,
        importedInto(into, set, this.#area, (finding) => this.#tell(finding.message)),
      )
      if (!this.#holdsChanges) await this.#store.commit(this.#reason(line))
      this.#output.out('\n')
    } catch (error) {
      if (!this.#holdsChanges) this.#store.drop()
      this.#fileFault(error)
    }
  }

  async #restoreExamples(line: string): Promise<void> {
    if (this.#area !== 'local') {
      return this.#refuseBySystem(systemCodes.notSupported, 'the sample policies go into the local store only')
    }
    const state = { ...startState, context: 'ipsec static' } as const
    for (const sample of samplePolicies) {
      const { result } = interpretLine(state, sample)
      if (result.kind !== 'command' || isDynamic(result.command)) {
        throw new PolagentError('INTERNAL', { what: 'a sample policy is no command' })
      }
      const answer = this.#answer(result.command)
      if (answer === undefined) return
      // What is there already stays as it is.
      if (answer.fault !== undefined) this.#tell(answer.fault.what)
    }
    if (!this.#holdsChanges) {
      try {
        await this.#store.commit(this.#reason(line))
      } catch (error) {
        this.#store.drop()
        return this.#closed(error)
      }
    }
    this.#output.out('\n')
  }

  #fileFault(error: unknown): void {
    if (!(error instanceof PolagentError)) throw error
    this.#refuseBySystem(error.win32 ?? systemCodes.invalidData, `${error.message} [${error.code}]`)
  }

  /** What the agent cannot be asked for is said, and never made up. */
  async #runDynamic(command: DynamicCommand): Promise<void> {
    const { controlSocket } = stateDirectoryFor(this.#options, this.#io)
    try {
      await askAgent(controlSocket, 'status')
    } catch (error) {
      if (!(error instanceof PolagentError)) throw error
      this.#refuseBySystem(systemCodes.serviceNotActive, `${error.message} [${error.code}]`)
      return
    }
    const name = command.kind.replace('dynamic ', '')
    this.#refuseBySystem(
      systemCodes.notSupported,
      `the agent does not offer "${name}" yet; polagent status tells what is in force`,
    )
  }

  #runShell(command: string, words: readonly string[]): Promise<void> | undefined {
    const [first, ...rest] = words
    switch (command) {
      case 'exec':
        if (first === undefined) return this.#refuseBySystem(systemCodes.fileNotFound, 'exec needs a file')
        return this.#exec(first)
      case 'dump':
        this.#dump()
        return undefined
      case 'set file':
        return this.#setFile(first, rest[0])
      case 'alias':
        if (first === undefined || rest.length === 0) return this.#showAlias(first)
        this.#aliases.set(first, rest.join(' '))
        return undefined
      case 'show alias':
        return this.#showAlias(first)
      case 'unalias':
        if (first !== undefined && this.#aliases.remove(first)) return undefined
        return this.#refuseBySystem(systemCodes.fileNotFound, `there is no alias "${shown(first ?? '')}"`)
      case 'offline':
      case 'online':
        this.#mode = command
        return undefined
      case 'set mode':
        return this.#setMode(first ?? '')
      case 'show mode':
        this.#output.out(`\n${this.#mode}\n\n`)
        return undefined
      case 'set machine':
        if (first === undefined || first.toLowerCase() === hostname().toLowerCase()) return undefined
        return this.#refuseBySystem(systemCodes.badNetworkPath, 'commands for another computer cannot be run from here')
      case 'show helper':
        this.#output.out('\nipsec\n\n')
        return undefined
      case 'add helper':
      case 'delete helper':
        return this.#refuseBySystem(systemCodes.notSupported, 'there are no helper DLLs here')
      default:
        // abort and commit: nothing was held back.
        return undefined
    }
  }

  #showAlias(name: string | undefined): undefined {
    const listing = this.#aliases.listing(name)
    if (listing === undefined) {
      return this.#refuseBySystem(systemCodes.fileNotFound, `there is no alias "${shown(name ?? '')}"`)
    }
    this.#output.out(listing)
    return undefined
  }

  #setMode(wanted: string): undefined {
    const mode = (['online', 'offline'] as const).find(
      (known) => wanted.length > 1 && known.startsWith(wanted.toLowerCase()),
    )
    if (mode === undefined) return this.#refuseBySystem(systemCodes.notSupported, 'the mode is online or offline')
    this.#mode = mode
    return undefined
  }

  #setFile(verb: string | undefined, file: string | undefined): undefined {
    const wanted = verb?.toLowerCase() ?? ''
    if (wanted === 'close') {
      this.#output.stopCopy()
      return undefined
    }
    if ((wanted !== 'open' && wanted !== 'append') || file === undefined) {
      return this.#refuseBySystem(systemCodes.invalidData, 'it is: set file open FILE, append FILE, or close')
    }
    try {
      this.#output.copyTo(file, wanted === 'append')
    } catch (error) {
      return this.#refuseBySystem(systemCodes.accessDenied, `${file}: ${(error as Error).message}`)
    }
    return undefined
  }

  async #exec(file: string): Promise<void> {
    const path = realPath(file)
    if (this.#scripts.includes(path)) {
      return this.#refuseBySystem(systemCodes.tooDeep, `${file} runs itself`)
    }
    if (this.#scripts.length >= deepestExec) {
      return this.#refuseBySystem(systemCodes.tooDeep, `more than ${deepestExec} scripts run one another`)
    }
    if (this.#scripts.length === 0) this.#execs = 0
    this.#execs += 1
    if (this.#execs > mostExecs) {
      return this.#refuseBySystem(systemCodes.tooDeep, `more than ${mostExecs} scripts are run by one`)
    }
    const place = this.#place
    let script: Script
    try {
      script = await readScript(file, this.#options.encoding, this.#io)
    } catch (error) {
      return this.#fileFault(error)
    }
    try {
      await this.#runWhole(file, script)
    } catch (error) {
      if (this.#scripts.length > 0) throw error
      this.#closed(error)
    }
    this.#place = place
  }

  /** The outermost script is one change of the store. `exit` in a script ends that script. */
  async #runWhole(file: string, script: Script): Promise<void> {
    if (!this.#holdsChanges) this.#store.refresh()
    this.#scripts.push(realPath(file))
    try {
      if (script.kind === 'lines') await this.#runLines(file, script.lines)
      else await this.#runBatchFile(file, script)
    } catch (error) {
      if (this.#lastCommitted !== '') this.#tell(`the last line whose change is in the store is ${this.#lastCommitted}`)
      throw error
    } finally {
      this.#scripts.pop()
    }
    this.#state = { ...this.#state, isEnded: false }
    if (this.#scripts.length > 0 || this.#isBatch) return
    try {
      await this.#store.commit(`netsh -f ${file === '-' ? 'standard input' : file}`)
    } catch (error) {
      this.#store.drop()
      this.#output.flush()
      throw error
    }
  }

  async #runLines(file: string, lines: Iterable<string>): Promise<void> {
    let number = 0
    for (const line of lines) {
      number += 1
      this.#place = `${file}:${number}`
      const pending = this.#runText(line)
      if (pending !== undefined) await pending
      if (this.#state.isEnded) return
    }
  }

  /** Each call is a netsh of its own: contexts, the store and batch mode do not outlast it. */
  async #runBatchFile(file: string, script: Extract<Script, { kind: 'batch' }>): Promise<void> {
    const { prior, wasBatch } = { prior: this.#state, wasBatch: this.#isBatch }
    const priorArea = this.#area
    const wasDomainChosen = this.#isDomainChosen
    for (const step of script.steps) {
      this.#place = `${file}:${step.line}`
      if (step.kind === 'note') {
        if (step.isError) this.#failed(step.text)
        else this.#tell(step.text)
        continue
      }
      if (step.kind === 'ipsecpol') {
        await this.#runIpsecpol(step.text)
        continue
      }
      const { call } = step
      if (call.machine !== undefined) {
        this.#refuseBySystem(systemCodes.badNetworkPath, 'commands for another computer cannot be run from here')
        continue
      }
      this.#state = startState
      this.#area = 'local'
      this.#isDomainChosen = false
      for (const line of [call.context, ...call.files.map((name) => `exec "${name}"`), call.command]) {
        const pending = line === '' ? undefined : this.#runText(line)
        if (pending !== undefined) await pending
      }
    }
    this.#state = prior
    this.#area = priorArea
    this.#isDomainChosen = wasDomainChosen
    this.#isBatch = wasBatch
  }

  /** A line of ipseccmd or ipsecpol; several commands on the store, and one change. */
  async #runIpsecpol(text: string): Promise<void> {
    const reading = readIpsecpolLine(text)
    if (!reading.ok) return this.#refuseBySystem(systemCodes.invalidData, reading.what)
    const { store, other, policy } = reading.value
    if (other !== undefined) return this.#refuseBySystem(systemCodes.notSupported, `${shown(other)} is not run here`)
    if (store === undefined) {
      return this.#refuseBySystem(systemCodes.notSupported, 'without -w the line is for the running agent')
    }
    if (store === 'DS') return this.#refuse(storeClosedFault('directories cannot be opened yet'))
    if (policy === undefined) return this.#refuseBySystem(systemCodes.invalidData, '-p must name a policy')
    this.#area = store === 'PERS' ? 'persistent' : 'local'
    try {
      for (const answer of runIpsecpol(this.#store.session(this.#area), reading.value)) this.#print(answer)
    } catch (error) {
      return this.#closed(error)
    } finally {
      this.#area = 'local'
      this.#isDomainChosen = false
    }
    if (this.#holdsChanges) return
    await this.#store.commit(`netsh: line of ipseccmd for policy ${shown(policy)}`)
    this.#lastCommitted = this.#place
  }

  #names(kind: string, tag: string): readonly string[] {
    try {
      const area = this.#store.session(this.#area).area()
      const what = tag === 'name' ? (kind.split(' ')[2] ?? '') : tag
      const named = {
        policy: area.policies,
        filterlist: area.filterLists,
        filteraction: area.filterActions,
        rule: area.policies.flatMap((policy) => policy.rules),
      }[what]
      return named?.flatMap(({ name }) => (name === undefined || name === '' ? [] : [name])) ?? []
    } catch {
      // A store that cannot be read has no names to offer; commands on it say why.
      return []
    }
  }
}

type AnyCommand = Extract<LineResult, { kind: 'command' }>['command']

function isDynamic(command: AnyCommand): command is DynamicCommand {
  return command.kind.startsWith('dynamic ')
}

function changesStore(command: StaticCommand): boolean {
  return /^static (?:add|delete|set (?!store|batch))/.test(command.kind)
}

/** `5/18/2017 9:12:44 AM`, as the samples of netsh-ipsec.md 6.2 have it. */
function timeText(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString('en-US').replace(', ', ' ').replaceAll('\u202F', ' ')
}

function realPath(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return file
  }
}
