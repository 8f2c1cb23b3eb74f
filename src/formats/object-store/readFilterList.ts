import type { Report } from '../../base/finding.ts'
import { integrityFinding } from '../../policy/integrityFinding.ts'
import type { Address, Filter } from '../../policy/filter.ts'
import type { Families } from '../../policy/ip.ts'
import type { FilterList } from '../../policy/model.ts'
import type { StoredObject } from '../../policy/storedObject.ts'
import { decodeFilterBlob } from '../ipsec-data/index.ts'
import { collecting } from './collect.ts'
import { filtersOfBlob } from './filterMeaning.ts'
import { namesOf } from './names.ts'
import { decodeObjectData } from './objectData.ts'

export function readFilterList(object: StoredObject, report: Report): FilterList {
  const { report: note, errors } = collecting(report)
  const filters = decodeObjectData(object, (bytes) => filtersOfBlob(decodeFilterBlob(bytes)), note)
  if (filters !== undefined) noteFilters(filters, object, note)
  return { id: object.id, ...namesOf(object), filters: filters ?? [], object, problems: errors }
}

function noteFilters(filters: readonly Filter[], object: StoredObject, report: Report): void {
  if (filters.length === 0) report(integrityFinding('FILTER_LIST_EMPTY', object))
  for (const [index, filter] of filters.entries()) {
    const field = `filter ${index + 1}`
    const source = familiesOfAddress(filter.source)
    const destination = familiesOfAddress(filter.destination)
    if (source !== 'both' && destination !== 'both' && source !== destination) {
      report(integrityFinding('FILTER_NEVER_MATCHES', object, undefined, { field }))
    }
    if (filter.source.kind === 'name' || filter.destination.kind === 'name') {
      report(integrityFinding('FILTER_NAME_UNRESOLVED', object, undefined, { field }))
    }
  }
}

/** Families an address can stand for; a name that is yet to be resolved may be of either. */
export function familiesOfAddress(address: Address): Families {
  switch (address.kind) {
    case 'any':
    case 'me':
    case 'dns-servers':
    case 'wins-servers':
    case 'dhcp':
    case 'gateway':
      return address.families
    case 'host':
    case 'subnet':
      return address.address.family
    case 'range':
      return address.first.family
    case 'name':
      return 'both'
  }
}
