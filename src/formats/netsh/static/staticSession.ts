import { PolagentError } from '../../../base/errors.ts'
import type { PolicyArea } from '../../../policy/model.ts'
import type { ObjectStore } from '../../../policy/storedObject.ts'
import { policySetOf } from '../../object-store/index.ts'
import { type Fault, fault, messageText } from '../fault.ts'
import { showStatic } from '../show/showStatic.ts'
import type { CommandOfKind, StaticCommand } from '../table/commandTable.ts'
import { usageText } from '../shell/usage.ts'
import { addFilterAction, deleteFilterAction, setFilterAction } from './actionCommands.ts'
import { type Answer, Refusal, type StaticEffect } from './answer.ts'
import type { SessionContext } from './context.ts'
import { Contents } from './contents.ts'
import { nameKey } from './entries.ts'
import { addFilter, addFilterList, deleteFilter, deleteFilterList, setFilterList } from './listCommands.ts'
import { addPolicy, deletePolicies, setPolicy } from './policyCommands.ts'
import { addRule, deleteRules, setDefaultRule, setRule } from './ruleCommands.ts'

/**
 * Commands of `netsh ipsec static` on one store. Changes are held until `store` is asked for, so that a script of any
 * length is one change of the store; a command that is refused changes nothing.
 *
 * const session = new StaticSession(emptyStore('local'), context)
 * session.run(command) // → { output: '\n', notes: [] }
 * session.store() // the store with the changes
 */
export class StaticSession {
  readonly #context: SessionContext
  readonly #contents: Contents
  readonly #keyPath: readonly string[]
  readonly #isDirectory: boolean
  #area: PolicyArea

  constructor(store: ObjectStore, context: SessionContext) {
    this.#context = context
    this.#area = areaOf(store)
    this.#contents = new Contents(this.#area)
    this.#keyPath = store.keyPath
    this.#isDirectory = store.area === 'directory'
  }

  run(command: StaticCommand): Answer {
    try {
      return this.#answer(command)
    } catch (error) {
      if (error instanceof Refusal) return refusalAnswer(error.fault)
      throw error
    }
  }

  /** The store with everything the commands changed. Later commands go on from there. */
  store(): ObjectStore {
    if (this.#contents.isUnchanged) return this.#area.store
    const { newId, whenChanged } = this.#context
    const store = this.#contents.flush({ newId, whenChanged, keyPath: this.#keyPath })
    if (store !== this.#area.store) this.#area = areaOf(store)
    return store
  }

  hasPolicy(name: string): boolean {
    return this.#contents.policies.has(nameKey(name))
  }

  hasRule(policy: string, name: string): boolean {
    return this.#contents.policies.get(nameKey(policy))?.rulesByName.has(nameKey(name)) ?? false
  }

  /** The store as a model, for `show` and `dump`. */
  area(): PolicyArea {
    this.store()
    return this.#area
  }

  #answer(command: StaticCommand): Answer {
    const contents = this.#contents
    const context = this.#context
    switch (command.kind) {
      case 'static add filter':
        return done(addFilter(contents, command, context))
      case 'static add filteraction':
        return done(addFilterAction(contents, command, context))
      case 'static add filterlist':
        return done(addFilterList(contents, command, context))
      case 'static add policy':
        return done(addPolicy(contents, command, context, !this.#isDirectory))
      case 'static add rule':
        return done(addRule(contents, command, context))
      case 'static delete all':
        return done(contents.deleteAll())
      case 'static delete filter':
        return done(deleteFilter(contents, command, context))
      case 'static delete filteraction':
        return done(deleteFilterAction(contents, command))
      case 'static delete filterlist':
        return done(deleteFilterList(contents, command))
      case 'static delete policy':
        return done(deletePolicies(contents, command, context))
      case 'static delete rule':
        return done(deleteRules(contents, command))
      case 'static set filteraction':
        return done(setFilterAction(contents, command))
      case 'static set filterlist':
        return done(setFilterList(contents, command))
      case 'static set policy':
        return done(setPolicy(contents, command, !this.#isDirectory))
      case 'static set rule':
        return done(setRule(contents, command))
      case 'static set defaultrule':
        return done(setDefaultRule(contents, command))
      case 'static show all':
      case 'static show filteraction':
      case 'static show filterlist':
      case 'static show policy':
      case 'static show rule':
      case 'static show store':
        return { output: showStatic(command, this.area(), context), notes: [] }
      default:
        return effectAnswer(effectOf(command))
    }
  }
}

type EffectCommand = CommandOfKind<
  | 'static dump'
  | 'static exportpolicy'
  | 'static importpolicy'
  | 'static restorepolicyexamples'
  | 'static set batch'
  | 'static set store'
  | 'static show gpoassignedpolicy'
>

function effectOf(command: EffectCommand): StaticEffect {
  switch (command.kind) {
    case 'static dump':
      return { kind: 'dump' }
    case 'static exportpolicy':
      return { kind: 'export', file: withExtension(command.args.file) }
    case 'static importpolicy':
      return { kind: 'import', file: command.args.file }
    case 'static restorepolicyexamples':
      return { kind: 'restore-examples', release: command.args.release }
    case 'static set batch':
      return { kind: 'set-batch', isEnabled: command.args.mode === 'enable' }
    case 'static set store': {
      const { location, domain } = command.args
      return { kind: 'set-store', location, ...(domain === undefined ? {} : { domain }) }
    }
    case 'static show gpoassignedpolicy':
      return { kind: 'show-group-policy', ...(command.args.name === undefined ? {} : { gpo: command.args.name }) }
  }
}

/** Exports get `.ipsec` when the name has no extension (netsh-ipsec.md 3.1). */
function withExtension(file: string): string {
  return /[^\\/]\.[^.\\/]*$/.test(file) ? file : `${file}.ipsec`
}

function areaOf(store: ObjectStore): PolicyArea {
  const [area] = policySetOf({ source: 'store', format: 'netsh', stores: [store] }).areas
  if (area === undefined) throw new PolagentError('INTERNAL', { what: 'a store gave no area' })
  return area
}

const nothingToSay: Answer = { output: '\n', notes: [] }

/** A command that did something prints an empty line (netsh-ipsec.md 1.3) [R]. */
function done(notes: readonly string[] | void): Answer {
  return notes === undefined || notes.length === 0 ? nothingToSay : { output: '\n', notes }
}

function effectAnswer(effect: StaticEffect): Answer {
  return { output: '', notes: [], effect }
}

function refusalAnswer(found: Fault): Answer {
  return { output: faultOutput(found), fault: found, notes: [] }
}

/** What a refused command prints: the message, and the usage of the command where that helps. */
export function faultOutput(found: Fault): string {
  const text = messageText(found.message, found.values)
  return found.usageOf === undefined ? text : `${text}${usageText(found.usageOf)}`
}

/** A refusal of the whole store, for callers that cannot open it. */
export function storeClosedFault(what: string): Fault {
  return fault('STORE_CLOSED', [], what, 1)
}
