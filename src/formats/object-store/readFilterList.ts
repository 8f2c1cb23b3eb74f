import type { Report } from '../../base/finding.ts'
import { integrityFinding } from '../../policy/integrityFinding.ts'
import type { Address, Filter } from '../../policy/filter.ts'
import { hasHoles } from '../../policy/ip.ts'
import type { FilterList } from '../../policy/model.ts'
import type { StoredObject } from '../../policy/storedObject.ts'
import { familiesOfAddress } from './addressFamilies.ts'
import { collecting } from './collect.ts'
import { type FiltersMeaning, filtersOfBlob } from './filterMeaning.ts'
import { namesOf } from './names.ts'
import { decodeObjectData } from './objectData.ts'

export function readFilterList(object: StoredObject, report: Report): FilterList {
  const { report: note, errors } = collecting(report)
  const meaning = decodeObjectData(object, filtersOfBlob, note)
  if (meaning !== undefined) noteFilters(meaning, object, note)
  return { id: object.id, ...namesOf(object), filters: meaning?.filters ?? [], object, problems: errors }
}

function noteFilters({ filters, ignoredBytes }: FiltersMeaning, object: StoredObject, report: Report): void {
  if (ignoredBytes > 0) {
    report(integrityFinding('DATA_REST_IGNORED', object, `${ignoredBytes} bytes after the last filter`))
  }
  if (filters.length === 0) report(integrityFinding('FILTER_LIST_EMPTY', object))
  const never = countOf(filters, hasTwoFamilies)
  if (never !== undefined) report(integrityFinding('FILTER_NEVER_MATCHES', object, never))
  const holed = countOf(filters, (filter) => isHoled(filter.source) || isHoled(filter.destination))
  if (holed !== undefined) report(integrityFinding('FILTER_MASK_HOLES', object, holed))
  const named = countOf(filters, (filter) => filter.source.kind === 'name' || filter.destination.kind === 'name')
  if (named !== undefined) report(integrityFinding('FILTER_NAME_UNRESOLVED', object, named))
}

function hasTwoFamilies(filter: Filter): boolean {
  const source = familiesOfAddress(filter.source)
  const destination = familiesOfAddress(filter.destination)
  return source !== 'both' && destination !== 'both' && source !== destination
}

function isHoled(address: Address): boolean {
  return address.kind === 'subnet' && hasHoles(address.mask)
}

/** One finding for the list, not one a filter: a list may have a million. `undefined` when none is concerned. */
function countOf(filters: readonly Filter[], isConcerned: (filter: Filter) => boolean): string | undefined {
  let count = 0
  let first = 0
  for (const [index, filter] of filters.entries()) {
    if (!isConcerned(filter)) continue
    if (count === 0) first = index + 1
    count += 1
  }
  if (count === 0) return undefined
  return count === 1
    ? `filter ${first} of ${filters.length}`
    : `${count} of ${filters.length} filters, first filter ${first}`
}
