import { labelOf, type LineCursor } from './lineCursor.ts'
import type { Joint, Node } from './node.ts'

/** Deeper than people write, shallower than what a stack holds. */
const deepest = 100

/** Ends the reading of a batch file. */
export class ScriptEnd extends Error {
  readonly code: 'CMD_TOO_DEEP' | 'CMD_SYNTAX'
  readonly line: number

  constructor(code: ScriptEnd['code'], what: string, line: number) {
    super(what)
    this.code = code
    this.line = line
  }
}

/** The statement at the cursor: a line with its continuations and blocks. Each character is looked at a few times at most. */
export function parseStatement(cursor: LineCursor): Node {
  return sequence(cursor, 0, 0)
}

/** Up to the end of the line, or within a block up to its closing parenthesis. */
function sequence(cursor: LineCursor, depth: number, parens: number): Node {
  const items: { readonly joint: Joint; readonly node: Node }[] = []
  let joint: Joint = 'start'
  for (;;) {
    const node = one(cursor, depth, parens)
    if (node !== undefined) items.push({ joint, node })
    const next = operatorAt(cursor)
    if (next !== undefined) {
      joint = next
      continue
    }
    joint = 'start'
    if (cursor.text[cursor.at] === ')') {
      if (parens > 0) return { kind: 'sequence', items }
      // Outside blocks it makes a remark of its line.
      cursor.skipLine()
    }
    if (cursor.at < cursor.text.length) continue
    if (parens === 0) return { kind: 'sequence', items }
    if (!takeBlockLine(cursor)) throw new ScriptEnd('CMD_SYNTAX', 'a block is never closed', cursor.line)
  }
}

/** Labels and their remarks within blocks say nothing. */
function takeBlockLine(cursor: LineCursor): boolean {
  while (!cursor.isAtEnd && (labelOf(cursor.upcoming) !== undefined || /^\s*::/.test(cursor.upcoming))) {
    cursor.takeLine()
  }
  return cursor.takeLine()
}

function operatorAt(cursor: LineCursor): Joint | undefined {
  const { text, at } = cursor
  const char = text[at]
  if (char !== '&' && char !== '|') return undefined
  const isDouble = text[at + 1] === char
  cursor.at += isDouble ? 2 : 1
  return isDouble ? (char === '&' ? '&&' : '||') : char
}

function one(cursor: LineCursor, depth: number, parens: number): Node | undefined {
  if (depth > deepest) throw new ScriptEnd('CMD_TOO_DEEP', `more than ${deepest} deep`, cursor.line)
  while (/[\s,;=@]/.test(cursor.text[cursor.at] ?? '')) cursor.at += 1
  if (cursor.text[cursor.at] === '(') return block(cursor, depth, parens)
  const word = /^(?:rem|for|if)(?![\w.\\:])/i.exec(cursor.text.slice(cursor.at, cursor.at + 4))?.[0]?.toLowerCase()
  switch (word) {
    case 'rem':
      cursor.skipLine()
      return undefined
    case 'for':
      return loop(cursor, depth, parens) ?? command(cursor, parens)
    case 'if':
      return condition(cursor, depth, parens)
    default:
      if (cursor.text.startsWith('::', cursor.at)) cursor.skipLine()
      return command(cursor, parens)
  }
}

/** What a condition or a loop governs: all that stands after it on its line. */
function restOfLine(cursor: LineCursor, depth: number, parens: number): Node {
  const items: { readonly joint: Joint; readonly node: Node }[] = []
  let joint: Joint | undefined = 'start'
  while (joint !== undefined) {
    const node = one(cursor, depth, parens)
    if (node !== undefined) items.push({ joint, node })
    joint = operatorAt(cursor)
  }
  return { kind: 'sequence', items }
}

function block(cursor: LineCursor, depth: number, parens: number): Node {
  cursor.at += 1
  const node = sequence(cursor, depth + 1, parens + 1)
  cursor.at += 1
  // Redirections of the block.
  if (/[<>\d]/.test(cursor.text.slice(cursor.at, cursor.at + 8).trimStart()[0] ?? '')) command(cursor, parens)
  return node
}

const forHead = /for\s{1,100}(?:(\/[a-z])\s{1,100}([^%]{0,400}?))?%([^\s%])\s{1,100}in\s{0,100}\(/iy

/** `undefined` when it is not of the form of a loop. */
function loop(cursor: LineCursor, depth: number, parens: number): Node | undefined {
  const { line } = cursor
  forHead.lastIndex = cursor.at
  const head = forHead.exec(cursor.text)
  if (head === null) return undefined
  cursor.at += head[0].length
  const list = listText(cursor)
  cursor.skipBlanks()
  if (!/^do(?![\w.])/i.test(cursor.text.slice(cursor.at, cursor.at + 3))) {
    throw new ScriptEnd('CMD_SYNTAX', 'a for has no do', cursor.line)
  }
  cursor.at += 2
  const body = restOfLine(cursor, depth + 1, parens)
  return {
    kind: 'for',
    option: head[1]?.toLowerCase() ?? '',
    optionText: (head[2] ?? '').trim(),
    letter: head[3] ?? '',
    list,
    body,
    line,
  }
}

/** Up to the closing parenthesis, over lines if need be. */
function listText(cursor: LineCursor): string {
  const parts: string[] = []
  let isQuoted = false
  let piece = cursor.at
  for (;;) {
    const { text } = cursor
    while (cursor.at < text.length && (isQuoted || text[cursor.at] !== ')')) {
      if (text[cursor.at] === '"') isQuoted = !isQuoted
      cursor.at += 1
    }
    parts.push(text.slice(piece, cursor.at))
    if (cursor.at < text.length) {
      cursor.at += 1
      return parts.join(' ')
    }
    isQuoted = false
    if (!cursor.takeLine()) throw new ScriptEnd('CMD_SYNTAX', 'the list of a for is never closed', cursor.line)
    piece = cursor.at
  }
}

const compared = String.raw`(?:"[^"]*(?:"|$)|[^\s"=])+`
/** What an if may compare, after the word itself. */
const conditionForm = new RegExp(
  String.raw`if\s+((?:/i\s+)?(?:not\s+)?(?:/i\s+)?(?:(?:exist|defined|errorlevel|cmdextversion)\s+(?:"[^"]*"|[^\s"(]+)|${compared}\s*==\s*${compared}|${compared}\s+(?:equ|neq|lss|leq|gtr|geq)\s+${compared}))`,
  'iy',
)
/** Conditions that are longer are not taken apart. */
const longestCondition = 4096

function condition(cursor: LineCursor, depth: number, parens: number): Node {
  const { line } = cursor
  const near = cursor.text.slice(cursor.at, cursor.at + longestCondition)
  conditionForm.lastIndex = 0
  const head = conditionForm.exec(near)
  if (head === null) throw new ScriptEnd('CMD_SYNTAX', 'an if has no condition cmd knows', line)
  cursor.at += head[0].length
  const whenTrue = restOfLine(cursor, depth + 1, parens)
  const elseAt = /^\s*else(?![\w.])/i.exec(cursor.text.slice(cursor.at, cursor.at + 200))
  const base = { kind: 'if', condition: head[1] ?? '', whenTrue, line } as const
  if (elseAt === null) return base
  cursor.at += elseAt[0].length
  return { ...base, whenFalse: restOfLine(cursor, depth + 1, parens) }
}

/** A plain command: carets resolved and redirections taken off; quotation marks stay. */
function command(cursor: LineCursor, parens: number): Node | undefined {
  const { line } = cursor
  const column = cursor.columnAt(cursor.at)
  const parts: string[] = []
  let isQuoted = false
  let piece = cursor.at
  const take = (): void => {
    if (cursor.at > piece) parts.push(cursor.text.slice(piece, cursor.at))
  }
  for (;;) {
    const char = cursor.text[cursor.at]
    if (char === undefined) break
    if (char === '"') {
      isQuoted = !isQuoted
      cursor.at += 1
    } else if (isQuoted) {
      cursor.at += 1
    } else if (char === '^') {
      take()
      cursor.at += 1
      if (cursor.at >= cursor.text.length && !cursor.takeLine()) break
      // The character after the caret stands for itself.
      piece = cursor.at
      cursor.at += 1
    } else if (char === '&' || char === '|' || (char === ')' && parens > 0)) {
      break
    } else if (char === '<' || char === '>') {
      const hasHandle = /(?:^|[\s"])\d$/.test(cursor.text.slice(Math.max(piece, cursor.at - 2), cursor.at))
      const before = cursor.at - (hasHandle ? 1 : 0)
      if (before > piece) parts.push(cursor.text.slice(piece, before))
      cursor.at = endOfRedirection(cursor.text, cursor.at)
      piece = cursor.at
    } else {
      cursor.at += 1
    }
  }
  if (cursor.at > cursor.text.length) cursor.at = cursor.text.length
  take()
  const whole = parts.join('').trim()
  return whole === '' ? undefined : { kind: 'command', text: whole, line, column }
}

/** Past `>`, `>>`, `<`, `>&1` and the name that follows. */
function endOfRedirection(line: string, start: number): number {
  let at = start + 1
  if (line[at] === '>') at += 1
  if (line[at] === '&') return Math.min(at + 2, line.length)
  while (line[at] === ' ' || line[at] === '\t') at += 1
  let isQuoted = false
  for (; at < line.length; at += 1) {
    const char = line[at] as string
    if (char === '"') isQuoted = !isQuoted
    else if (!isQuoted && /[\s&|<>()]/.test(char)) break
  }
  return at
}
