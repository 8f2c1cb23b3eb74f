/**
 * The syntax tree of a policy document, the same for JSON and YAML. `at` is where a node begins, counted in UTF-16 units
 * from the start of the text.
 */
export type DocumentNode = MapNode | ListNode | TextNode | PlainNode

export interface MapNode {
  readonly kind: 'map'
  readonly entries: readonly DocumentEntry[]
  readonly at: number
}

export interface DocumentEntry {
  readonly key: string
  readonly keyAt: number
  readonly value: DocumentNode
}

export interface ListNode {
  readonly kind: 'list'
  readonly items: readonly DocumentNode[]
  readonly at: number
}

export interface TextNode {
  readonly kind: 'text'
  readonly value: string
  readonly at: number
  /** How the text was written, so that a place inside it can be found again. */
  readonly form: 'plain' | 'quoted' | 'block'
}

/** Numbers, true and false, and nothing at all. */
export interface PlainNode {
  readonly kind: 'plain'
  readonly value: number | boolean | null
  readonly at: number
}

/** How deep documents may be nested; the format itself needs less than half of it. */
export const depthLimit = 32

/** What was found, in words, for messages; never the content, which may be a key. */
export function nodeWords(node: DocumentNode): string {
  switch (node.kind) {
    case 'map':
      return 'fields'
    case 'list':
      return 'a list'
    case 'text':
      return node.value === '' ? 'an empty text' : 'a text'
    case 'plain':
      if (node.value === null) return 'nothing'
      return typeof node.value === 'number' ? 'a number' : `${node.value}`
  }
}
