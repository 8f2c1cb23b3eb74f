import type { AuthorContext } from '../../src/formats/object-store/index.ts'
import { policySetOf } from '../../src/formats/object-store/index.ts'
import { readPolicyDocument } from '../../src/formats/policy-document/index.ts'
import type { PolicyArea } from '../../src/policy/model.ts'
import type { ObjectStore } from '../../src/policy/storedObject.ts'

/** A time, and no other ids than those of the document: a document that needs one would not be the same twice. */
export const documentContext: AuthorContext = {
  whenChanged: 1_700_000_000,
  keyPath: [],
  newId: () => {
    throw new Error('ids in a document come from the document')
  },
}

export function storeOfText(text: string): ObjectStore {
  const [store] = readPolicyDocument(text, documentContext).stores
  if (store === undefined) throw new Error('the document has no area')
  return store
}

export function areaOfText(text: string): PolicyArea {
  const { stores, format, findings } = readPolicyDocument(text, documentContext)
  const [area] = policySetOf({ source: 'test', format, stores, findings }).areas
  if (area === undefined) throw new Error('the document has no area')
  return area
}

/** A document with one rule, whose fields are the lines given. */
export function documentWithRule(lines: string): string {
  const indented = lines
    .trimEnd()
    .split('\n')
    .map((line) => `        ${line}`)
  return `polagent: 1\npolicies:\n  - name: P\n    rules:\n      - name: R\n${indented.join('\n')}\n`
}
