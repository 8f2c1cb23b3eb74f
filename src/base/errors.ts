import { type ErrorRow, errorTable } from './errorTable.ts'

/** Stable name of a failure; the table in errorTable.ts is the whole list. */
export type ErrorCode = keyof typeof errorTable

/** Where a failure was seen. Offsets count bytes from the start of `file`, or of the blob when `object` is given. */
export interface Place {
  readonly file?: string
  readonly object?: string
  readonly field?: string
  readonly offset?: number
  readonly line?: number
}

export interface ErrorDetail extends Place {
  /** What was found or expected, in words; never key material. */
  readonly what?: string
  /** Win32 code that the audit events carry for this failure. */
  readonly win32?: number
  readonly cause?: unknown
}

/** The one error class of polagent: a code, a place, a sentence, and what to do about it. */
export class PolagentError extends Error {
  override readonly name = 'PolagentError'
  readonly code: ErrorCode
  readonly place: Place
  readonly win32: number | undefined
  /** The specific part of the message. */
  readonly what: string | undefined

  constructor(code: ErrorCode, detail: ErrorDetail = {}) {
    super(sentence(code, detail), detail.cause === undefined ? undefined : { cause: detail.cause })
    this.code = code
    this.what = detail.what
    this.win32 = detail.win32 ?? rowOf(code).win32
    this.place = placeOf(detail)
  }

  /** What the reader of the message can do. */
  get advice(): string {
    return errorTable[this.code].advice
  }

  /** Process exit status that goes with this error (design: 2 usage, 3 unreadable input, 4 system refused, 5 no agent). */
  get exitStatus(): number {
    return errorTable[this.code].exit
  }

  /** The same failure in a field of `outer`: `Filter-Spec1[3]` and `Legacy-Protocol` make `Filter-Spec1[3].Legacy-Protocol`. */
  inside(outer: string): PolagentError {
    const { field, ...place } = this.place
    return new PolagentError(this.code, {
      ...(this.what === undefined ? {} : { what: this.what }),
      ...(this.win32 === undefined ? {} : { win32: this.win32 }),
      ...(this.cause === undefined ? {} : { cause: this.cause }),
      ...place,
      field: field === undefined ? outer : `${outer}.${field}`,
    })
  }

  /** The same failure, told with more of its place (a decoder knows the offset, its caller the file). */
  at(place: Place): PolagentError {
    return new PolagentError(this.code, {
      ...(this.what === undefined ? {} : { what: this.what }),
      ...(this.win32 === undefined ? {} : { win32: this.win32 }),
      ...(this.cause === undefined ? {} : { cause: this.cause }),
      ...place,
      ...this.place,
    })
  }
}

function rowOf(code: ErrorCode): ErrorRow {
  return errorTable[code]
}

function placeOf(detail: ErrorDetail): Place {
  return {
    ...(detail.file === undefined ? {} : { file: detail.file }),
    ...(detail.object === undefined ? {} : { object: detail.object }),
    ...(detail.field === undefined ? {} : { field: detail.field }),
    ...(detail.offset === undefined ? {} : { offset: detail.offset }),
    ...(detail.line === undefined ? {} : { line: detail.line }),
  }
}

function sentence(code: ErrorCode, detail: ErrorDetail): string {
  const where = formatPlace(detail)
  const what = detail.what === undefined ? '' : `: ${detail.what}`
  return `${where === '' ? '' : `${where}: `}${errorTable[code].title}${what}`
}

/** `store.reg, line 12, ipsecNFA{…}, Auth-Method[0].Auth-Length, byte 28` */
export function formatPlace(place: Place): string {
  const parts: string[] = []
  if (place.file !== undefined) parts.push(place.file)
  if (place.line !== undefined) parts.push(`line ${place.line}`)
  if (place.object !== undefined) parts.push(place.object)
  if (place.field !== undefined) parts.push(place.field)
  if (place.offset !== undefined) parts.push(`byte ${place.offset}`)
  return parts.join(', ')
}
