import { asWritten, firstUnknown, unknown, Variables } from '../reg-batch/variables.ts'
import type { CmdFindingCode } from './findings.ts'
import { conditionHolds } from './ifCondition.ts'
import { LineCursor, labelOf, tooLong } from './lineCursor.ts'
import { type Counting, countingOf, fileOptionsOf, listItems, tokensOf } from './loopItems.ts'
import type { Joint, Node } from './node.ts'
import { parseStatement, ScriptEnd } from './parseStatement.ts'

/** A command as cmd would run it: variables put in, loops unrolled, carets and redirections gone, quotes kept. */
export interface CmdCommand {
  readonly text: string
  readonly line: number
  /** In its line, from 1; 1 as well when variables moved it. */
  readonly column: number
  readonly joint: Joint
  /** What only a run decides and this command depends on, in words; empty when it runs in any case. */
  readonly conditions: readonly string[]
  /** Variables, arguments and loop variables in it whose value is not known; they stand in `text` as written. */
  readonly unknownNames: readonly string[]
}

export interface CmdScriptOptions {
  /** Receives the commands in the order in which they run. */
  readonly run: (command: CmdCommand) => void
  /** Receives what was noticed; the table of codes is cmdFindingTable. */
  readonly tell: (code: CmdFindingCode, what: string, line: number) => void
  /** Text of files that loops read, by name without folder in lower case. */
  readonly files?: ReadonlyMap<string, string>
}

/** Commands that loops may make, and characters that may be worked through in doing so. */
const mostCommands = 262_144
const mostWork = 64 * 1_048_576
/** What a round of a loop counts for besides what it does. */
const workOfRound = 64
/** The longest command that values may make. */
const longestText = 1_048_576

/**
 * Runs a batch file as far as it says what it does: `set`, `for` over lists, numbers and given files, nested blocks, `if`
 * whose texts decide it, forward `goto`. What only a run decides is run with its condition told beside it. No command is
 * run in earnest.
 *
 * runCmdScript('for %%p in (135 445) do netsh … dstport=%%p', { run, tell })
 * // run gets netsh … dstport=135, then netsh … dstport=445
 */
export function runCmdScript(text: string, options: CmdScriptOptions): void {
  new CmdScript(text, options).run()
}

type Bindings = ReadonlyMap<string, string>

/** What stands in a place. */
interface Scope {
  readonly bindings: Bindings
  readonly conditions: readonly string[]
}

/** How a node ended. */
type Course = { readonly kind: 'next' } | { readonly kind: 'end' } | { readonly kind: 'goto'; readonly label: string }

const next: Course = { kind: 'next' }
const end: Course = { kind: 'end' }

/** Loops ran out of what they may make; what is left of them is passed over. */
class WorkSpent extends Error {}

class CmdScript {
  readonly #options: CmdScriptOptions
  readonly #variables: Variables
  readonly #cursor: LineCursor
  readonly #length: number
  readonly #assigned = new Set<string>()
  #labels: Map<string, number> | undefined
  /** Commands that loops made. */
  #commands = 0
  #work: number
  #loopsAreOver = false
  /** `!NAME!` is expanded; one entry for each open setlocal. */
  readonly #delayed: boolean[] = []
  /** Labels that conditions jump to; what lies before them depends on the conditions. */
  readonly #pending = new Map<string, string>()

  constructor(text: string, options: CmdScriptOptions) {
    this.#options = options
    this.#variables = new Variables(text.length)
    this.#cursor = new LineCursor(text, this.#variables, (line) => {
      options.tell('CMD_TOO_MANY', 'variables make too much of the line, which is passed over', line)
    })
    this.#length = text.length
    this.#work = mostWork + 8 * text.length
  }

  run(): void {
    const cursor = this.#cursor
    while (!cursor.isAtEnd) {
      const label = labelOf(cursor.upcoming)
      if (label !== undefined || /^[\s,;=]*:/.test(cursor.upcoming)) {
        if (label !== undefined) this.#pending.delete(label)
        cursor.takeLine()
        continue
      }
      cursor.takeLine()
      try {
        const course = this.#statement()
        if (course === undefined || course.kind === 'end') return
        if (course.kind === 'goto' && !this.#follow(course.label)) return
      } catch (error) {
        if (!(error instanceof ScriptEnd)) throw error
        this.#options.tell(error.code, error.message, error.line)
        return
      }
    }
  }

  /** `undefined` when even plain lines make too much. */
  #statement(): Course | undefined {
    const { line } = this.#cursor
    const node = parseStatement(this.#cursor)
    try {
      return this.#exec(node, 'start', { bindings: new Map(), conditions: [] })
    } catch (error) {
      if (!(error instanceof WorkSpent)) throw error
      const isFirst = !this.#loopsAreOver
      if (isFirst || this.#work < 0) {
        this.#options.tell(
          'CMD_TOO_MANY',
          `no loop from here on is run, at most ${mostCommands} commands are made`,
          line,
        )
      }
      const hasSpentAll = !isFirst && this.#work < 0
      if (isFirst) this.#work = longestText + 8 * this.#length
      this.#loopsAreOver = true
      return hasSpentAll ? undefined : next
    }
  }

  #lineOf(label: string): number | undefined {
    this.#labels ??= this.#cursor.labels()
    return this.#labels.get(label)
  }

  /** `false` when the script ends here. */
  #follow(label: string): boolean {
    const from = this.#cursor.line
    const target = this.#lineOf(label)
    if (target === undefined) {
      this.#options.tell('CMD_LABEL_MISSING', `:${label.slice(0, 40)}`, from)
      return false
    }
    if (target <= from) this.#options.tell('CMD_LOOP', `goto ${label.slice(0, 40)}, which is in line ${target}`, from)
    else this.#cursor.jumpTo(target)
    return true
  }

  #spend(amount: number): void {
    this.#work -= amount + 1
    if (this.#work < 0) throw new WorkSpent()
  }

  #exec(node: Node, joint: Joint, scope: Scope): Course {
    switch (node.kind) {
      case 'command':
        return this.#command(node, joint, scope)
      case 'sequence':
        return this.#sequence(node, scope)
      case 'for':
        return this.#loop(node, scope)
      case 'if':
        return this.#condition(node, scope)
    }
  }

  #sequence(node: Extract<Node, { kind: 'sequence' }>, scope: Scope): Course {
    for (const item of node.items) {
      this.#spend(1)
      const inner = item.joint === '||' ? withCondition(scope, 'it runs only when the command before it fails') : scope
      const course = this.#exec(item.node, item.joint, inner)
      if (course.kind !== 'next') return course
    }
    return next
  }

  #command(node: Extract<Node, { kind: 'command' }>, joint: Joint, scope: Scope): Course {
    this.#spend(node.text.length)
    const text = this.#filled(node.text, scope.bindings).trim()
    if (text === '') return next
    const conditions = this.#pending.size === 0 ? scope.conditions : [...scope.conditions, ...this.#firstPending()]
    const isCertain = conditions.length === 0
    const word = /^[a-z]{2,10}/i.exec(text)?.[0]?.toLowerCase()
    if (word === 'set' && this.#takesAssignment(text, isCertain)) return next
    if (word === 'setlocal') {
      this.#variables.openScope()
      this.#delayed.push(
        /enabledelayedexpansion/i.test(text) || (this.#delayed.at(-1) === true && !/disable/i.test(text)),
      )
      return next
    }
    if (word === 'endlocal') {
      this.#variables.closeScope()
      // What the names hold again is not known, so neither is whether they hold anything.
      this.#assigned.clear()
      this.#delayed.pop()
      return next
    }
    if (word === 'goto' || word === 'exit') return this.#jump(text, node.line, conditions)
    if (word === 'call') this.#lookAtCall(text, node.line)
    if (scope.bindings.size > 0) this.#commands += 1
    if (this.#commands > mostCommands) throw new WorkSpent()
    const { line, column } = node
    this.#options.run({ text: asWritten(text), line, column, joint, conditions, unknownNames: unknownNamesOf(text) })
    return next
  }

  /** A few of what the pending jumps say. */
  #firstPending(): string[] {
    const found: string[] = []
    for (const condition of this.#pending.values()) {
      found.push(condition)
      if (found.length === mostTold) break
    }
    return found
  }

  #takesAssignment(text: string, isCertain: boolean): boolean {
    const head = /^set\s{1,100}(\/[ap]\s{1,100})?/i.exec(text)
    if (head === null) return false
    const rest = text.slice(head[0].length)
    const close = rest.startsWith('"') ? rest.lastIndexOf('"') : 0
    const body = close > 0 ? rest.slice(1, close) : rest.replace(/^"/, '')
    const equals = body.indexOf('=')
    if (equals <= 0 || equals > 255) return false
    const isCalculated = head[1] !== undefined
    const name = isCalculated
      ? body
          .slice(0, equals)
          .replace(/[+\-*/%&|^]$/, '')
          .trim()
      : body.slice(0, equals)
    const isKnown = isCertain && !isCalculated
    this.#variables.assign(name, isKnown ? body.slice(equals + 1) : undefined)
    const key = name.toLowerCase()
    if (isKnown && body.length > equals + 1) this.#assigned.add(key)
    else this.#assigned.delete(key)
    return true
  }

  #jump(text: string, line: number, conditions: readonly string[]): Course {
    const label = /^goto\s*:?\s*([^\s:&|<>()+,;=]{1,128})/i.exec(text)?.[1]?.toLowerCase()
    const isEnd = label === undefined || (label === 'eof' && this.#lineOf('eof') === undefined)
    if (conditions.length === 0) return isEnd ? end : { kind: 'goto', label }
    if (isEnd) {
      this.#options.tell('CMD_MAY_END', `${text.slice(0, 40)}, ${conditions.at(-1) ?? ''}`, line)
      return next
    }
    const target = this.#lineOf(label)
    if (target === undefined) this.#options.tell('CMD_LABEL_MISSING', `:${label.slice(0, 40)}`, line)
    else if (target <= line)
      this.#options.tell('CMD_LOOP', `goto ${label.slice(0, 40)}, which is in line ${target}`, line)
    else this.#pending.set(label, `line ${line} may jump over it, to :${label.slice(0, 40)}`)
    return next
  }

  #lookAtCall(text: string, line: number): void {
    const set = /^call\s{1,100}set\s{1,100}"?([^="]{1,255})=/i.exec(text)
    if (set !== null) {
      this.#variables.assign(set[1] ?? '', undefined)
      this.#assigned.delete((set[1] ?? '').toLowerCase())
    } else if (/^call\s{0,100}(?::|"?[^"\s]{1,250}\.(?:bat|cmd)\b)/i.test(text)) {
      this.#options.tell('CMD_CALL', text.slice(0, 60), line)
    }
  }

  #condition(node: Extract<Node, { kind: 'if' }>, scope: Scope): Course {
    this.#spend(node.condition.length)
    const condition = this.#filled(node.condition, scope.bindings)
    const holds = conditionHolds(condition, (name) => this.#assigned.has(name.toLowerCase()) || undefined)
    if (holds === true) return this.#exec(node.whenTrue, 'start', scope)
    if (holds === false) return node.whenFalse === undefined ? next : this.#exec(node.whenFalse, 'start', scope)
    const words = `if ${asWritten(condition).slice(0, 60)}`
    const inner = withCondition(scope, `it depends on "${words}"`)
    const course = this.#exec(node.whenTrue, 'start', inner)
    if (course.kind !== 'next' || node.whenFalse === undefined) return course
    return this.#exec(node.whenFalse, 'start', withCondition(scope, `it depends on the else of "${words}"`))
  }

  #loop(node: Extract<Node, { kind: 'for' }>, scope: Scope): Course {
    if (this.#loopsAreOver) throw new WorkSpent()
    this.#spend(node.list.length)
    const list = this.#filled(node.list, scope.bindings)
    switch (node.option) {
      case '': {
        const items = listItems(list)
        return items === undefined ? this.#unknownLoop(node, scope) : this.#rounds(node, scope, items.map(one))
      }
      case '/l': {
        const counting = countingOf(list)
        if (counting === undefined) return this.#unknownLoop(node, scope)
        // A loop that is too long is not begun.
        if (counting.count > mostCommands - this.#commands) {
          this.#options.tell('CMD_TOO_MANY', `for /l makes ${counting.count} rounds`, node.line)
          return next
        }
        return this.#rounds(node, scope, numbersOf(counting))
      }
      case '/f':
        return this.#fileLoop(node, list.trim(), scope)
      default:
        return this.#unknownLoop(node, scope)
    }
  }

  #fileLoop(node: ForNode, list: string, scope: Scope): Course {
    const options = fileOptionsOf(node.optionText)
    if (options === undefined || firstUnknown(list) !== undefined) return this.#unknownLoop(node, scope)
    const { usesBackquotes } = options
    const quoted = /^(["'`])([^]*)\1$/.exec(list)
    const quote = quoted?.[1]
    const isString = quote === (usesBackquotes ? "'" : '"')
    const isCommand = quote === (usesBackquotes ? '`' : "'")
    if (isCommand) return this.#unknownLoop(node, scope)
    const rounds: (readonly string[])[] = []
    const texts = isString ? [quoted?.[2] ?? ''] : this.#filesOf(list, node)
    if (texts === undefined) return this.#unknownLoop(node, scope)
    for (const text of texts) {
      this.#spend(text.length)
      const lines = text.split(/\r\n|\n/)
      for (const line of isString ? lines : lines.slice(options.skip)) {
        const values = tokensOf(line, options)
        if (values !== undefined) rounds.push(values)
      }
    }
    return this.#rounds(node, scope, rounds)
  }

  #filesOf(list: string, node: ForNode): readonly string[] | undefined {
    const texts: string[] = []
    for (const name of list.match(/"[^"]*"|[^\s,;="]+/g) ?? []) {
      const bare = name
        .replaceAll('"', '')
        .replace(/^.*[\\/]/s, '')
        .toLowerCase()
      const text = this.#options.files?.get(bare)
      if (text === undefined) {
        this.#options.tell('CMD_FILE_NEEDED', name.slice(0, 80), node.line)
        return undefined
      }
      texts.push(text)
    }
    return texts.length === 0 ? undefined : texts
  }

  #rounds(node: ForNode, scope: Scope, rounds: Iterable<readonly string[]>): Course {
    const first = node.letter.charCodeAt(0)
    for (const values of rounds) {
      this.#spend(workOfRound)
      const bindings = new Map(scope.bindings)
      for (const [index, value] of values.entries()) bindings.set(String.fromCharCode(first + index), value)
      const course = this.#exec(node.body, 'start', { ...scope, bindings })
      if (course.kind !== 'next') return course
    }
    return next
  }

  /** The body once, with variables that are not known. */
  #unknownLoop(node: ForNode, scope: Scope): Course {
    const first = node.letter.charCodeAt(0)
    const count = node.option === '/f' ? (fileOptionsOf(node.optionText)?.tokens.length ?? 1) + 1 : 1
    const bindings = new Map(scope.bindings)
    for (let index = 0; index < count; index += 1) {
      const letter = String.fromCharCode(first + index)
      bindings.set(letter, unknown(`%%${letter}`))
    }
    const what = asWritten(node.list).trim().slice(0, 40)
    const condition = `it stands in a for over "${what}", which only a run knows`
    const course = this.#exec(node.body, 'start', withCondition({ ...scope, bindings }, condition))
    return course.kind === 'end' ? next : course
  }

  /** A text with the variables of loops in it, and `!NAME!` where that is on. */
  #filled(text: string, bindings: Bindings): string {
    const filled = bindings.size === 0 || !text.includes('%') ? text : bound(text, bindings)
    this.#spend(isTooLong(filled) ? longestText : filled.length)
    if (this.#delayed.at(-1) !== true || !filled.includes('!')) return filled
    let length = 0
    const delayed = filled.replaceAll(/!([^!\s=]{1,255})!/g, (_, name: string) => {
      if (length > longestText) return ''
      const value = this.#variables.expand(`%${name}%`)
      length += value.length
      return value
    })
    this.#spend(length)
    return length > longestText ? tooLong : delayed
  }
}

function isTooLong(text: string): boolean {
  return text === tooLong
}

type ForNode = Extract<Node, { kind: 'for' }>

function one(value: string): readonly string[] {
  return [value]
}

function* numbersOf({ start, step, count }: Counting): Iterable<readonly string[]> {
  for (let round = 0; round < count; round += 1) yield [String(start + round * step)]
}

function withCondition(scope: Scope, condition: string): Scope {
  return { ...scope, conditions: [...scope.conditions, condition] }
}

/** `%i`, `%~i`; other modifiers ask about files. */
function bound(text: string, bindings: Bindings): string {
  let length = 0
  const filled = text.replaceAll(
    /%(?:~([a-z$:]{0,12}))?([^\s%~])/gi,
    (whole, modifiers: string | undefined, letter: string) => {
      const value = bindings.get(letter)
      if (value === undefined || length > longestText) return whole
      length += value.length
      if (modifiers === undefined) return value
      if (modifiers === '') return value.replace(/^"([^]*)"$/, '$1')
      return unknown(`%${whole}`)
    },
  )
  return length > longestText ? tooLong : filled
}

/** At most this many conditions and names are told. */
const mostTold = 8

function unknownNamesOf(text: string): string[] {
  const names = new Set<string>()
  if (firstUnknown(text) === undefined) return []
  for (const match of text.matchAll(/\ufdd0([^\ufdd1]*)\ufdd1/g)) {
    const name = match[1] ?? ''
    names.add(name.startsWith('%') ? name : `%${name}%`)
    if (names.size >= mostTold) break
  }
  return [...names]
}
