import type { Report } from '../../base/finding.ts'
import { integrityFinding } from '../../policy/integrityFinding.ts'
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
  for (const [index, filter] of filters.entries()) {
    const source = familiesOfAddress(filter.source)
    const destination = familiesOfAddress(filter.destination)
    if (source !== 'both' && destination !== 'both' && source !== destination) {
      report(integrityFinding('FILTER_NEVER_MATCHES', object, undefined, { field: `filter ${index + 1}` }))
    }
    if (filter.source.kind === 'name' || filter.destination.kind === 'name') {
      report(integrityFinding('FILTER_NAME_UNRESOLVED', object, undefined, { field: `filter ${index + 1}` }))
    }
  }
}
