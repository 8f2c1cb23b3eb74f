import { basename } from 'node:path'
import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import { PolagentError } from '../../base/errors.ts'
import type { Finding } from '../../base/finding.ts'
import { guid } from '../../base/guid.ts'
import { assign, convertArea, emptyStore, mergeStores } from '../../formats/object-store/index.ts'
import type { Policy, PolicyArea, PolicySet } from '../../policy/model.ts'
import type { ObjectStore, StoreArea } from '../../policy/storedObject.ts'
import type { CommandModule } from '../commandTable.ts'
import { findPolicy } from '../findPolicy.ts'
import { findingsHint, findingText } from '../findingText.ts'
import type { Io } from '../io.ts'
import { loadSource, type SourceOptions } from '../loadSource.ts'
import {
  addAreaOption,
  addStoreOptions,
  localStoreOf,
  saidUpdate,
  setOfStores,
  type StoreAreaOfComputer,
  type StoreOptions,
} from '../localStoreOf.ts'
import { addEncodingOption, collect } from '../options.ts'
import { areaTitle, quoted } from '../policyTree.ts'

const conflictRules = ['replace', 'keep', 'new-ids'] as const
type ConflictRule = (typeof conflictRules)[number]

interface Options extends SourceOptions, StoreOptions {
  readonly policy?: readonly string[]
  readonly assign?: true
  readonly onConflict: ConflictRule
  readonly reason?: string
}

export const command: CommandModule = {
  define: (importing: Command, io: Io) => {
    importing
      .argument('<source>', 'file or -')
      .option('--policy <policy>', 'only this policy and what it uses (may be repeated)', collect(String))
      .option('--assign', 'assign the imported policy (of several, the one assigned in the source)')
      .addOption(
        new Option('--on-conflict <rule>', 'objects that are there already: overwrite, leave, or import as new ones')
          .choices(conflictRules)
          .default('replace'),
      )
      .option('--reason <text>', 'text for `polagent history`')
    addStoreOptions(addAreaOption(addEncodingOption(importing)))
    importing.action((source: string, options: Options) => importSource(source, options, io))
  },
  examples: [
    { line: 'polagent import policies.ipsec', does: 'adds the policies of a Windows export; none is assigned by that' },
    { line: 'polagent import policy.yaml --assign', does: 'imports and assigns in one change' },
  ],
}

async function importSource(source: string, options: Options, io: Io): Promise<void> {
  if (source === 'local') throw new PolagentError('USAGE', { what: 'the local store cannot be imported into itself' })
  const { set, progress } = await loadSource(source, options, io)
  progress.end()
  const areas = areasToImport(set, io)
  const policies = policiesToImport({ ...set, areas }, options)
  const notes: Finding[] = []
  let said = ''
  const reason = options.reason ?? `import ${source === '-' ? 'standard input' : basename(source)}`
  const update = await localStoreOf(options, io).update((stores) => {
    notes.length = 0
    let after = stores
    for (const area of areas) {
      after = imported(after, area.store, targetArea(area.area, options), policies, options, notes)
    }
    const assigned = options.assign === true ? policyToAssign(policies) : undefined
    if (assigned !== undefined) after = withAssigned(stores, after, assigned, options)
    said = saidImport(policies, assigned)
    return after
  }, reason)
  io.err(notes.map(findingText).join('') + findingsHint(set.findings, source))
  io.out(saidUpdate(said, update))
  const there = policies.find((policy) => policy.isAssigned)
  if (options.assign !== true && there !== undefined) {
    io.out(
      `${quoted(there.name)} is assigned in the source. To assign it here: polagent assign ${quoted(there.name)}\n`,
    )
  }
}

/**
 * What this computer can hold: the persistent area, and one of the others. Local policy is what an import is about; the
 * cached copy or a directory is taken when there is nothing else.
 */
function areasToImport(set: PolicySet, io: Io): PolicyArea[] {
  const full = set.areas.filter((area) => area.store.objects.length > 0)
  const persistent = full.filter((area) => area.area === 'persistent')
  const [main, ...others] = full
    .filter((area) => area.area !== 'persistent')
    .toSorted((a, b) => importOrder.indexOf(a.area) - importOrder.indexOf(b.area))
  for (const other of others) {
    io.err(`polagent: the ${areaTitle[other.area]} is left out; to import it, convert it first with --area\n`)
  }
  return main === undefined ? persistent : [...persistent, main]
}

const importOrder: readonly StoreArea[] = ['local', 'directory', 'cache']

function policiesToImport(set: PolicySet, options: Options): Policy[] {
  if (options.policy !== undefined) return options.policy.map((name) => findPolicy(set, name))
  return set.areas.flatMap((area) => area.policies)
}

function imported(
  stores: readonly ObjectStore[],
  from: ObjectStore,
  target: StoreAreaOfComputer,
  policies: readonly Policy[],
  options: Options,
  notes: Finding[],
): readonly ObjectStore[] {
  const report = (finding: Finding): number => notes.push(finding)
  const into = stores.find((store) => store.area === target) ?? emptyStore(target)
  const ids = policies.filter((policy) => from.objects.includes(policy.object)).map((policy) => policy.id)
  if (options.policy !== undefined && ids.length === 0) return stores
  const here = convertArea(from, { area: target, keyPath: into.keyPath }, report)
  const merged = mergeStores(
    into,
    here,
    {
      ...(options.policy === undefined ? {} : { policies: ids }),
      onConflict: options.onConflict,
      newId: () => guid(randomUUID()),
    },
    report,
  )
  return stores.includes(into) ? stores.map((store) => (store === into ? merged : store)) : [...stores, merged]
}

function policyToAssign(policies: readonly Policy[]): Policy {
  const assigned = policies.filter((policy) => policy.isAssigned)
  const [only, ...others] = assigned.length > 0 ? assigned : policies
  if (only !== undefined && others.length === 0) return only
  const what = only === undefined ? 'there is no policy to assign' : 'there are several policies; say --policy NAME too'
  throw new PolagentError('USAGE', { what: `--assign: ${what}` })
}

function targetArea(area: StoreArea, options: Options): StoreAreaOfComputer {
  return options.area ?? (area === 'persistent' ? 'persistent' : 'local')
}

/** Assigns what `policy` of the source has become here: the object with its id, or the new one of its name. */
function withAssigned(
  before: readonly ObjectStore[],
  after: readonly ObjectStore[],
  policy: Policy,
  options: Options,
): readonly ObjectStore[] {
  const area = targetArea(policy.area, options)
  const known = new Set<string>(policiesOf(before, area).map((one) => one.id))
  const here = policiesOf(after, area)
  const fresh = here.find((one) => !known.has(one.id) && one.name === policy.name)
  const id = (fresh ?? here.find((one) => one.id === policy.id))?.id
  if (id === undefined) throw new PolagentError('NOT_FOUND', { what: `policy "${policy.name}" was not imported` })
  return after.map((store) => (store.area === area ? assign(store, id) : store))
}

function policiesOf(stores: readonly ObjectStore[], area: StoreArea): readonly Policy[] {
  return setOfStores(stores.filter((store) => store.area === area)).areas.flatMap((one) => one.policies)
}

function saidImport(policies: readonly Policy[], assigned: Policy | undefined): string {
  const names = policies.slice(0, 5).map((policy) => quoted(policy.name))
  const more = policies.length > names.length ? ` and ${policies.length - names.length} more` : ''
  const what = names.length === 0 ? 'no policy, only lists and actions' : `${names.join(', ')}${more}`
  return `Imported ${what}${assigned === undefined ? '' : `; assigned ${quoted(assigned.name)}`}`
}
