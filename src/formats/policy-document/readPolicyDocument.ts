import type { Finding } from '../../base/finding.ts'
import type { ObjectStore } from '../../policy/storedObject.ts'
import type { AuthorContext } from '../object-store/index.ts'
import { decodeDocument } from './decodeText.ts'
import type { AreaContent, PolicyDocument } from './document.ts'
import { documentShape } from './documentShape.ts'
import { LineIndex } from './lineIndex.ts'
import { problemError, Problems } from './problems.ts'
import { readJsonText } from './readJsonText.ts'
import { readYamlText } from './readYamlText.ts'
import { looksLikeJson } from './recognise.ts'
import { storeOfArea } from './storeOfArea.ts'

export interface PolicyDocumentReading {
  readonly stores: ObjectStore[]
  readonly format: 'policy-document-json' | 'policy-document-yaml'
  readonly findings: readonly Finding[]
}

/**
 * The stores a policy document stands for. Objects it gives no ids get ids from their names, so that the same document
 * always gives the same objects; `context` gives the time for objects that have none.
 *
 * A document with anything wrong in it is refused as a whole: throws DOCUMENT_SYNTAX or DOCUMENT_INVALID with the line
 * of the first problem; documentProblems(error) has them all.
 */
export function readPolicyDocument(bytes: Uint8Array | string, context: AuthorContext): PolicyDocumentReading {
  const problems = new Problems()
  const text = typeof bytes === 'string' ? bytes.replaceAll('\r\n', '\n') : decodeDocument(bytes, problems)
  const isJson = looksLikeJson(text)
  const document = problems.count === 0 ? parseDocument(text, isJson, problems) : undefined
  const findings: Finding[] = []
  const stores = document === undefined ? [] : storesOf(document, { text, context, problems, findings })
  if (problems.count > 0) throw problemError(text, problems)
  return { stores, format: isJson ? 'policy-document-json' : 'policy-document-yaml', findings }
}

/** The document as written; `undefined` after a problem was reported. */
export function parseDocument(text: string, isJson: boolean, problems: Problems): PolicyDocument | undefined {
  const body = text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text
  const node = isJson ? readJsonText(body, problems) : readYamlText(body, problems)
  return node === undefined ? undefined : documentShape.read(node, { text: body, problems })
}

interface Surroundings {
  readonly text: string
  readonly context: AuthorContext
  readonly problems: Problems
  readonly findings: Finding[]
}

function storesOf(document: PolicyDocument, around: Surroundings): ObjectStore[] {
  const { context, problems, findings } = around
  const shared = {
    context,
    problems,
    report: (finding: Finding): unknown => findings.push(finding),
    lines: new LineIndex(around.text),
  }
  const stores: ObjectStore[] = []
  if (hasContent(document) || document.areas === undefined) {
    stores.push(storeOfArea({ ...shared, content: document, area: 'local' }))
  }
  for (const area of document.areas ?? []) stores.push(storeOfArea({ ...shared, content: area, area: area.area }))
  return stores
}

/** A document with `areas` only has no local area of its own. */
function hasContent(content: AreaContent): boolean {
  return (
    content.assigned !== undefined ||
    content.policies !== undefined ||
    content.filterLists !== undefined ||
    content.filterActions !== undefined ||
    content.stored !== undefined
  )
}
