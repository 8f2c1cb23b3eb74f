import { firstUnknown } from '../reg-batch/variables.ts'

/** The rounds of a loop, one value a round; `undefined` when only a run knows them. */
export function listItems(list: string): readonly string[] | undefined {
  if (firstUnknown(list) !== undefined) return undefined
  const items = list.match(/(?:"[^"]*(?:"|$)|[^\s,;="])+/g) ?? []
  // File names that match a pattern.
  return items.some((item) => /[*?]/.test(item)) ? undefined : items
}

export interface Counting {
  readonly start: number
  readonly step: number
  readonly count: number
}

/** `(start,step,end)` of `for /l`. */
export function countingOf(list: string): Counting | undefined {
  if (firstUnknown(list) !== undefined) return undefined
  const words = list.split(/[\s,;=]+/).filter((word) => word !== '')
  if (words.length !== 3 || words.some((word) => !/^[+-]?(?:0|[1-9]\d{0,9})$/.test(word))) return undefined
  const [start = 0, step = 0, end = 0] = words.map(Number)
  // A step of zero never ends.
  const count = step === 0 ? Number.POSITIVE_INFINITY : Math.max(0, Math.floor((end - start) / step) + 1)
  return { start, step, count }
}

/** Options of `for /f`. */
export interface FileOptions {
  readonly eol: string
  readonly skip: number
  readonly delims: string
  /** Token numbers from 1, in order. */
  readonly tokens: readonly number[]
  /** The rest of the line goes to one more variable. */
  readonly takesRest: boolean
  readonly usesBackquotes: boolean
}

const mostTokens = 31

/** `"eol=; skip=1 tokens=2,3* delims=, usebackq"`; `undefined` when it is not understood. */
export function fileOptionsOf(text: string): FileOptions | undefined {
  const inner = /^"([^"]{0,300})"$/.exec(text)?.[1] ?? (text === '' ? '' : undefined)
  if (inner === undefined) return undefined
  let rest = inner
  // The characters after delims= may be blanks when it comes last.
  let delims = ' \t'
  const atDelims = /(?:^|\s)delims=(?:(\S*)(?=\s+(?:eol|skip|tokens|usebackq)\b)|([^]*)$)/i.exec(rest)
  if (atDelims !== null) {
    delims = atDelims[1] ?? atDelims[2] ?? ''
    rest = rest.slice(0, atDelims.index) + rest.slice(atDelims.index + atDelims[0].length)
  }
  let eol = ';'
  let skip = 0
  let usesBackquotes = false
  let numbers: TokenNumbers | undefined = { tokens: [1], takesRest: false }
  for (const word of rest.split(/\s+/)) {
    const key = word.replace(/=.*$/s, '').toLowerCase()
    const value = word.slice(word.indexOf('=') + 1)
    if (key === 'usebackq') usesBackquotes = true
    else if (key === 'eol' && word.includes('=')) eol = value.slice(0, 1)
    else if (key === 'skip' && /^\d{1,6}$/.test(value)) skip = Number(value)
    else if (key === 'tokens') numbers = tokenNumbersOf(value)
    else if (word !== '') return undefined
  }
  return numbers === undefined ? undefined : { eol, skip, delims, ...numbers, usesBackquotes }
}

type TokenNumbers = Pick<FileOptions, 'tokens' | 'takesRest'>

function tokenNumbersOf(text: string): TokenNumbers | undefined {
  const takesRest = text.endsWith('*')
  const tokens = new Set<number>()
  for (const part of text.replace(/,?\*$/, '').split(',')) {
    if (part === '') continue
    const [, first = '', last = first] = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(part) ?? []
    const [from, to] = [Number(first), Number(last)]
    if (first === '' || from < 1 || to > mostTokens) return undefined
    for (let number = from; number <= to; number += 1) tokens.add(number)
  }
  if (tokens.size === 0 && !takesRest) return undefined
  return { tokens: [...tokens].toSorted((a, b) => a - b), takesRest }
}

/** The values of a line, one for each variable; `undefined` when the line is passed over. */
export function tokensOf(line: string, options: FileOptions): readonly string[] | undefined {
  if (line === '' || (options.eol !== '' && line.startsWith(options.eol))) return undefined
  const delims = new Set(options.delims)
  const last = options.tokens.at(-1) ?? 0
  const found: string[] = []
  let at = 0
  const skipDelims = (): void => {
    while (at < line.length && delims.has(line[at] ?? '')) at += 1
  }
  skipDelims()
  while (at < line.length && found.length < last) {
    const start = at
    while (at < line.length && !delims.has(line[at] ?? '')) at += 1
    found.push(line.slice(start, at))
    skipDelims()
  }
  if (found.length === 0 && at >= line.length) return undefined
  const values = options.tokens.map((number) => found[number - 1] ?? '')
  if (values[0] === '' && !options.takesRest) return undefined
  return options.takesRest ? [...values, line.slice(at)] : values
}
