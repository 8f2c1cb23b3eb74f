import { argumentsOf, wordsOf } from '../parse/tokens.ts'
import type { CommandRow, TagRow } from '../table/tagTypes.ts'
import { type ContextPath, type Entry, entriesOf, lineage, type VerbRow } from './contexts.ts'

/** Names the caller knows, for tags whose value is one. */
export type NamesFor = (kind: string, tag: string) => readonly string[]

/**
 * What may stand at the end of the line, for the completion of a prompt: contexts, commands, objects, tags with `=`,
 * words of a tag after its `=`, and names of `namesFor`.
 */
export function completionsOf(context: ContextPath, line: string, namesFor: NamesFor = () => []): string[] {
  const { words } = wordsOf(line)
  const endsWithBlank = line === '' || /\s$/.test(line)
  const typed = endsWithBlank ? undefined : words.at(-1)
  const before = typed === undefined ? words : words.slice(0, -1)
  let path = context
  for (let index = 0; index < before.length; index += 1) {
    const entry = visible(path).find((candidate) => isMeant(before[index]?.text, candidate.word))
    if (entry === undefined) return []
    if (entry.kind === 'verb') return verbCompletions(entry, before.slice(index + 1), typed?.text ?? '', namesFor)
    path = entry.path
  }
  return begun(
    visible(path).map((entry) => entry.word),
    typed?.text ?? '',
  )
}

function visible(path: ContextPath): Entry[] {
  return lineage(path).flatMap((at) => [...entriesOf(at)])
}

function isMeant(text: string | undefined, word: string): boolean {
  return text !== undefined && text !== '' && word.startsWith(text.toLowerCase())
}

function verbCompletions(
  entry: Extract<Entry, { kind: 'verb' }>,
  words: ReturnType<typeof wordsOf>['words'],
  typed: string,
  namesFor: NamesFor,
): string[] {
  const [only] = entry.rows
  const takesObject = only?.object !== undefined
  const [object, ...others] = words
  if (takesObject && object === undefined)
    return begun(
      entry.rows.map((row) => row.object ?? ''),
      typed,
    )
  const row: VerbRow | undefined = takesObject
    ? entry.rows.find((one) => isMeant(object?.text, one.object ?? ''))
    : only
  if (row?.command === undefined) return []
  return tagCompletions(row.command, argumentsOf(takesObject ? others : words), typed, namesFor)
}

function tagCompletions(
  row: CommandRow,
  given: ReturnType<typeof argumentsOf>,
  typed: string,
  namesFor: NamesFor,
): string[] {
  const equals = typed.indexOf('=')
  if (equals > 0) {
    const tag = row.tags.find((candidate) => candidate.name.startsWith(typed.slice(0, equals).toLowerCase()))
    if (tag === undefined) return []
    return begun(valuesOf(row, tag, namesFor), typed.slice(equals + 1).replace(/^"/, '')).map(
      (value) => `${tag.name}=${/\s/.test(value) ? `"${value}"` : value}`,
    )
  }
  const isGiven = (tag: TagRow): boolean =>
    given.some((argument) => argument.kind === 'tagged' && isMeant(argument.tag, tag.name))
  const tags = row.tags.filter((tag) => tag.repeatable === true || !isGiven(tag)).map((tag) => `${tag.name}=`)
  return begun(given.length === 0 ? [...(row.keywords ?? []), ...tags] : tags, typed)
}

function valuesOf(row: CommandRow, tag: TagRow, namesFor: NamesFor): readonly string[] {
  switch (tag.type) {
    case 'word':
      return tag.words ?? []
    case 'yes-no':
    case 'kerberos':
      return ['yes', 'no']
    case 'protocol':
      return ['ANY', 'ICMP', 'TCP', 'UDP', 'RAW']
    case 'address':
      return ['me', 'any', 'dns', 'wins', 'dhcp', 'gateway']
    case 'name':
      return namesFor(row.kind, tag.name)
    default:
      return []
  }
}

function begun(words: readonly string[], typed: string): string[] {
  return [...new Set(words.filter((word) => word.toLowerCase().startsWith(typed.toLowerCase())))]
}
