import { Composer, CST, type Document, isAlias, isMap, isPair, isScalar, isSeq, Lexer, type Node, Parser } from 'yaml'
import { type DocumentEntry, type DocumentNode, depthLimit, type TextNode } from './documentNode.ts'
import type { Problems } from './problems.ts'

/**
 * One YAML 1.2 document of the core schema, with the position of every node. Tags, anchors, aliases, further documents
 * and directives that change the reading are refused: a policy says what it says, in one place. `undefined` after a
 * problem was reported.
 */
export function readYamlText(text: string, problems: Problems): DocumentNode | undefined {
  const control = controlCharacter.exec(text)
  if (control !== null) {
    problems.addSyntax(control.index, 'a control character, which YAML does not allow')
    return undefined
  }
  const document = composeYaml(text, problems)
  if (document?.contents === null || document?.contents === undefined) {
    if (problems.count === 0) problems.addSyntax(0, 'the document is empty')
    return undefined
  }
  for (const error of document.errors) problems.addSyntax(error.pos[0], yamlFaults[error.code] ?? otherFault)
  if (problems.count > 0) return undefined
  const node = new YamlNodes(text, problems).node(document.contents, 0)
  return problems.count > 0 ? undefined : node
}

// oxlint-disable-next-line no-control-regex
const controlCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0080-\u0084\u0086-\u009f\ufffe\uffff]/

type YamlNode = Node & { readonly range?: readonly [number, number, number] | null }

/** The library's tree of the first document; `undefined` after a problem when there is none or the text is hostile. */
export function composeYaml(text: string, problems: Problems): Document | undefined {
  let first: Document | undefined
  try {
    // Keys that occur twice are looked for here, in linear time.
    const composer = new Composer({ schema: 'core', uniqueKeys: false, prettyErrors: false, version: '1.2' })
    for (const document of composer.compose(boundedTokens(text, problems), true, text.length)) {
      if (first !== undefined) {
        problems.addSyntax(document.range[0], 'a second document begins here; a policy document is one')
        break
      }
      first = document
    }
  } catch (error) {
    problems.addSyntax(0, error instanceof RangeError ? 'nested too deeply' : 'the text is no YAML that can be read')
    return undefined
  }
  const version = first?.directives?.yaml
  if (version?.explicit === true && version.version !== '1.2') problems.addSyntax(0, 'only YAML 1.2 is read')
  return first
}

/** Faults of one kind in a text after which the rest is not looked at: each would be kept as an object of its own. */
const mostFaults = 100
/** What the library keeps open besides the levels themselves: the document, and the scalar at hand. */
const openBesideLevels = 3

/** The tokens of a text, as far as it is no attack: depth and faults that the library counts without bound end it. */
function* boundedTokens(text: string, problems: Problems): Generator<CST.Token, void> {
  const parser = new Parser()
  let faults = 0
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type === 'error') faults += 1
      yield token
    }
    faults += faultsOfLexeme(lexeme)
    if (parser.stack.length > depthLimit + openBesideLevels) {
      problems.addSyntax(parser.offset, `more than ${depthLimit} levels of nesting`)
      return
    }
    if (faults > mostFaults) {
      problems.addSyntax(
        parser.offset,
        'so much before this is no YAML that can be read that the rest is not looked at',
      )
      return
    }
  }
  yield* parser.end()
}

const escape = /\\(x[\da-f]{2}|u[\da-f]{4}|U[\da-f]{8}|[0abt\tnvfre "/\\N_LP\n\r])?/gi

function faultsOfLexeme(lexeme: string): number {
  switch (lexeme[0]) {
    case '&':
    case '*':
    case '!':
      return CST.tokenType(lexeme) === null ? 0 : 1
    case '"': {
      if (!lexeme.includes('\\')) return 0
      let faults = 0
      for (const match of lexeme.matchAll(escape)) if (match[1] === undefined) faults += 1
      return faults
    }
    default:
      return 0
  }
}

/** The library's messages quote the text, which may hold keys; these do not. */
const yamlFaults: Readonly<Record<string, string>> = {
  BAD_DIRECTIVE: 'this directive is not known',
  BAD_DQ_ESCAPE: 'an escape that YAML does not know (write \\\\ for a backslash, or use single quotes)',
  BAD_INDENT: 'the indentation does not fit what is above it',
  BAD_SCALAR_START: 'a plain text cannot begin with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'two "key: value" pairs on one line, or a colon in a text; put the text in quotes',
  BLOCK_IN_FLOW: 'an indented block inside [ ] or { }',
  KEY_OVER_1024_CHARS: 'a key of more than 1024 characters',
  MISSING_CHAR: 'a closing quote, bracket, comma or colon is missing here or before',
  MULTILINE_IMPLICIT_KEY: 'a key or text runs over several lines; is a colon missing, or a closing quote?',
  TAB_AS_INDENT: 'tabs cannot indent in YAML; use blanks',
  UNEXPECTED_TOKEN: 'this does not fit here; check the indentation and the quotes',
}
const otherFault = 'this cannot be read as YAML'

class YamlNodes {
  readonly #text: string
  readonly #problems: Problems

  constructor(text: string, problems: Problems) {
    this.#text = text
    this.#problems = problems
  }

  node(node: YamlNode, depth: number): DocumentNode | undefined {
    const at = node.range?.[0] ?? 0
    if (depth > depthLimit) return this.#refuse(at, `more than ${depthLimit} levels of nesting`)
    if (isAlias(node))
      return this.#refuse(at, 'aliases (*name) are not read; write the value again, or share it by name')
    const { anchor, tag } = node as { anchor?: string; tag?: string }
    if (anchor !== undefined) return this.#refuse(at, 'anchors (&name) are not read')
    if (tag !== undefined) return this.#refuse(at, 'tags (!name) are not read')
    if (isScalar(node)) return this.#scalar(node.value, node.type, at)
    if (isSeq(node)) return this.#list(node.items as YamlNode[], at, depth)
    if (isMap(node)) return this.#map(node.items, at, depth)
    return this.#refuse(at, otherFault)
  }

  #list(nodes: readonly YamlNode[], at: number, depth: number): DocumentNode {
    const items: DocumentNode[] = []
    for (const child of nodes) {
      const item = isPair(child)
        ? this.#refuse(at, 'a "key: value" pair inside [ ]; put it in { }')
        : this.node(child, depth + 1)
      if (item !== undefined) items.push(item)
    }
    return { kind: 'list', items, at }
  }

  #map(pairs: readonly { key: unknown; value: unknown }[], at: number, depth: number): DocumentNode {
    const entries: DocumentEntry[] = []
    const seen = new Set<string>()
    for (const pair of pairs) {
      const keyNode = pair.key as YamlNode
      const keyAt = keyNode.range?.[0] ?? at
      const key = isScalar(keyNode) ? this.node(keyNode, depth + 1) : undefined
      if (key?.kind !== 'text') {
        this.#problems.add(keyAt, 'a field name is expected, as plain or quoted text')
        continue
      }
      if (seen.has(key.value)) this.#problems.add(keyAt, `the field "${key.value}" is given twice`)
      seen.add(key.value)
      const value: DocumentNode | undefined =
        pair.value === null || pair.value === undefined
          ? { kind: 'plain', value: null, at: keyAt }
          : this.node(pair.value as YamlNode, depth + 1)
      if (value !== undefined) entries.push({ key: key.value, keyAt, value })
    }
    return { kind: 'map', entries, at }
  }

  #scalar(value: unknown, type: string | undefined, at: number): DocumentNode | undefined {
    if (typeof value === 'string') return { kind: 'text', value, at, form: textForm(type) }
    if (value === null || typeof value === 'number' || typeof value === 'boolean') return { kind: 'plain', value, at }
    return this.#refuse(at, otherFault)
  }

  #refuse(at: number, message: string): undefined {
    this.#problems.addSyntax(Math.min(at, this.#text.length), message)
  }
}

function textForm(type: string | undefined): TextNode['form'] {
  switch (type) {
    case 'QUOTE_DOUBLE':
    case 'QUOTE_SINGLE':
      return 'quoted'
    case 'BLOCK_LITERAL':
    case 'BLOCK_FOLDED':
      return 'block'
    default:
      return 'plain'
  }
}
