import type { Filter } from '../../../policy/filter.ts'
import type { StoredObject } from '../../../policy/storedObject.ts'
import { encodeFilterBlob, type FilterRecord1, type FilterRecord2, newFilterBlob } from '../../ipsec-data/index.ts'
import { ownerReferences } from './authorFilterAction.ts'
import type { AuthorContext } from './authorContext.ts'
import type { FilterListDraft } from './draft.ts'
import { isVersion1, record1OfFilter, record2OfFilter } from './filterRecords.ts'
import { newObject } from './objectValues.ts'
import { splitFamilies } from './splitFamilies.ts'

/**
 * An ipsecFilter object (policy-objects.md 2.6). Filters that a version 1 record can say are written as such, the
 * others as version 2 records after them; a filter for any address of both families becomes one of each.
 */
export function authorFilterList(draft: FilterListDraft, context: AuthorContext): StoredObject {
  const data = encodeFilterBlob(newFilterBlob(...filterRecords(storedFilters(draft.filters, context))))
  return newObject(
    {
      class: 'ipsecFilter',
      id: draft.id,
      ...(draft.name === undefined ? {} : { name: draft.name }),
      ...(draft.description === undefined ? {} : { description: draft.description }),
      data,
      references: ownerReferences(draft.ownerRuleIds),
    },
    context,
  )
}

/** The filters as records can hold them. */
export function storedFilters(filters: readonly Filter[], context: AuthorContext): Filter[] {
  return filters.flatMap((filter) => splitFamilies(filter, context.newId))
}

export function filterRecords(filters: readonly Filter[]): [FilterRecord1[], FilterRecord2[]] {
  const records1: FilterRecord1[] = []
  const records2: FilterRecord2[] = []
  for (const filter of filters) {
    if (isVersion1(filter)) records1.push(record1OfFilter(filter))
    else records2.push(record2OfFilter(filter))
  }
  return [records1, records2]
}
