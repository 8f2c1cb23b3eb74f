import type { Filter } from '../../../policy/filter.ts'
import type { StoredObject } from '../../../policy/storedObject.ts'
import {
  decodeFilterBlob,
  encodeFilterBlob,
  type FilterBlob,
  type FilterRecord1,
  type FilterRecord2,
  newFilterBlob,
} from '../../ipsec-data/index.ts'
import { ownerReferences } from '../author/authorFilterAction.ts'
import { filterRecords, storedFilters } from '../author/authorFilterList.ts'
import type { AuthorContext } from '../author/authorContext.ts'
import type { FilterListDraft } from '../author/draft.ts'
import { isVersion1, record1OfFilter, record2OfFilter } from '../author/filterRecords.ts'
import { filterOfRecord1, filterOfRecord2, flagReplacesExpansion } from '../filterMeaning.ts'
import { sameFilter } from '../sameFilter.ts'
import { presentBlob, presentData, updatedObject } from './updateValues.ts'

/**
 * The filter list as the draft says. Filters that stay, found by id and meaning, keep their records byte for byte,
 * expansions of ranges for old systems included; the form of the blob (old or new writer) and what follows the filters
 * stay.
 */
export function updateFilterList(object: StoredObject, draft: FilterListDraft, context: AuthorContext): StoredObject {
  const { name, description } = draft
  return updatedObject(
    object,
    { name, description, data: dataOf(object, draft, context), references: ownerReferences(draft.ownerRuleIds) },
    context,
  )
}

function dataOf(object: StoredObject, draft: FilterListDraft, context: AuthorContext): Uint8Array {
  const present = presentBlob(object, (bytes) => known(decodeFilterBlob(bytes)))
  const filters = storedFilters(draft.filters, context)
  if (present === undefined) return encodeFilterBlob(newFilterBlob(...filterRecords(filters)))
  const { records1, records2 } = recordsFor(filters, present)
  if (isUnchanged(present.blob, records1, records2)) return presentData(object)
  return encodeFilterBlob(withRecords(present.blob, records1, records2))
}

/** A record with its meaning. `expansion` are the version 1 records it replaces. */
interface KnownRecord {
  readonly filter: Filter
  readonly record: FilterRecord1 | FilterRecord2
  readonly expansion: readonly FilterRecord1[]
}

/** Effective records with one filter id in stored order; records before `next` are taken. */
interface SameId {
  readonly entries: (KnownRecord | undefined)[]
  next: number
}

interface KnownBlob {
  readonly blob: FilterBlob
  readonly byId: ReadonlyMap<string, SameId>
}

/** Ids are unique in real lists; among many records with one id only this many are looked at for each filter. */
const searchedRecords = 64

function known(blob: FilterBlob): KnownBlob {
  const byId = new Map<string, SameId>()
  const add = (entry: KnownRecord): void => {
    const list = byId.get(entry.filter.id)
    if (list === undefined) byId.set(entry.filter.id, { entries: [entry], next: 0 })
    else list.entries.push(entry)
  }
  const records1 = blob.part1?.records ?? []
  const records2 = blob.part2?.records ?? []
  const replacing = new Set(records2.filter(replacesExpansion).map((record) => record.id))
  const expansions = Map.groupBy(
    records1.filter((record) => replacing.has(record.id)),
    (record) => record.id,
  )
  for (const record of records1) {
    if (!replacing.has(record.id)) add({ filter: filterOfRecord1(record, 0), record, expansion: [] })
  }
  for (const record of records2) {
    const expansion = replacesExpansion(record) ? (expansions.get(record.id) ?? []) : []
    expansions.delete(record.id)
    add({ filter: filterOfRecord2(record, 0), record, expansion })
  }
  return { blob, byId }
}

function replacesExpansion(record: FilterRecord2): boolean {
  return (record.flags & flagReplacesExpansion) !== 0
}

/** The records of the filters: those that are there and say the same, else new ones. */
function recordsFor(
  filters: readonly Filter[],
  present: KnownBlob,
): { readonly records1: FilterRecord1[]; readonly records2: FilterRecord2[] } {
  const records1: FilterRecord1[] = []
  const records2: FilterRecord2[] = []
  for (const filter of filters) {
    const same = takeSame(present.byId.get(filter.id), filter)
    if (same !== undefined) {
      records1.push(...same.expansion)
      if (same.record.version === 1) records1.push(same.record)
      else records2.push(same.record)
    } else if (isVersion1(filter)) {
      records1.push(record1OfFilter(filter))
    } else {
      records2.push(record2OfFilter(filter))
    }
  }
  return { records1, records2 }
}

function takeSame(candidates: SameId | undefined, filter: Filter): KnownRecord | undefined {
  if (candidates === undefined) return undefined
  const { entries } = candidates
  const end = Math.min(entries.length, candidates.next + searchedRecords)
  for (let at = candidates.next; at < end; at += 1) {
    const entry = entries[at]
    if (entry === undefined || !sameFilter(entry.filter, filter)) continue
    entries[at] = undefined
    while (candidates.next < entries.length && entries[candidates.next] === undefined) candidates.next += 1
    return entry
  }
  return undefined
}

function isUnchanged(
  blob: FilterBlob,
  records1: readonly FilterRecord1[],
  records2: readonly FilterRecord2[],
): boolean {
  return sameItems(blob.part1?.records ?? [], records1) && sameItems(blob.part2?.records ?? [], records2)
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}

/** The blob with other records; lengths are counted as the writer of the blob did (policy-objects.md 2.1). */
function withRecords(
  blob: FilterBlob,
  records1: readonly FilterRecord1[],
  records2: readonly FilterRecord2[],
): FilterBlob {
  const fresh = newFilterBlob(records1, records2)
  if (blob.part1 === undefined || fresh.part1 === undefined) return { ...fresh, rest: blob.rest }
  const countedBefore = newFilterBlob(blob.part1.records, []).part1?.dataLength ?? 0
  const extra = blob.part1.dataLength - countedBefore === 4 ? 4 : 0
  const part1 = { ...fresh.part1, dataLength: fresh.part1.dataLength + extra, gap: blob.part1.gap }
  return { ...fresh, part1, rest: blob.rest }
}
