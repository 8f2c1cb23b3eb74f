import type { Report } from '../../base/finding.ts'
import type { PolicySet } from '../../policy/model.ts'
import type { ObjectStore } from '../../policy/storedObject.ts'
import { areaOfStore } from './areaOfStore.ts'
import { type DocumentArea, nowhere, type PolicyDocument } from './document.ts'
import { documentFinding } from './documentFindings.ts'
import { type RenderCount, renderDocument } from './renderDocument.ts'
import { writeJsonText } from './writeJsonText.ts'
import { writeYamlText } from './writeYamlText.ts'

export interface WriteDocumentOptions {
  readonly format: 'json' | 'yaml'
}

/** Stores as a policy document in UTF-8; readPolicyDocument gives stores of equal values back. */
export function writePolicyDocument(
  source: readonly ObjectStore[] | PolicySet,
  options: WriteDocumentOptions,
  report: Report,
): Uint8Array {
  const stores = 'areas' in source ? source.areas.map((area) => area.store) : source
  const count: RenderCount = { keys: 0 }
  const tree = renderDocument(documentOfStores(stores, report), count)
  if (count.keys > 0) report(documentFinding('DOCUMENT_KEYS_IN_CLEAR', `${count.keys}`))
  return new TextEncoder().encode(options.format === 'json' ? writeJsonText(tree) : writeYamlText(tree))
}

/** The first local area stands at the top of the document, the others below `areas`. */
export function documentOfStores(stores: readonly ObjectStore[], report: Report): PolicyDocument {
  const top = stores.find((store) => store.area === 'local')
  const areas = stores
    .filter((store) => store !== top)
    .map((store): DocumentArea => ({ at: nowhere, area: store.area, ...areaOfStore(store, report) }))
  const content = top === undefined ? {} : areaOfStore(top, report)
  const isEmptyTop = top !== undefined && Object.keys(content).length === 0
  return {
    at: nowhere,
    polagent: 1,
    ...content,
    ...(isEmptyTop ? { policies: [] } : {}),
    ...(areas.length === 0 && top !== undefined ? {} : { areas }),
  }
}
