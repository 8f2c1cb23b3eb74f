import { PolagentError } from '../../base/errors.ts'
import type { Finding } from '../../base/finding.ts'

/** Something in the text of a document that keeps it from being read. */
export interface Problem {
  readonly code: 'DOCUMENT_SYNTAX' | 'DOCUMENT_INVALID'
  /** UTF-16 units from the start of the text. */
  readonly at: number
  readonly message: string
}

/** More than this many are counted, not kept: one mistake in a generator can repeat a million times. */
const keptProblems = 100

/** Collects what is wrong with a document; a document with problems is refused as a whole. */
export class Problems {
  readonly kept: Problem[] = []
  count = 0

  /** Further problems are only counted; their messages need not be made up. */
  get isFull(): boolean {
    return this.kept.length >= keptProblems
  }

  /** The document does not mean anything that can be done. */
  add(at: number, message: string): void {
    this.#keep({ code: 'DOCUMENT_INVALID', at, message })
  }

  /** The text is no JSON, or no YAML. */
  addSyntax(at: number, message: string): void {
    this.#keep({ code: 'DOCUMENT_SYNTAX', at, message })
  }

  #keep(problem: Problem): void {
    this.count += 1
    if (this.kept.length < keptProblems) this.kept.push(problem)
  }
}

/** Carries every problem of a refused document; the cause of the PolagentError that tells the first of them. */
class DocumentProblems extends Error {
  override readonly name = 'DocumentProblems'
  readonly findings: readonly Finding[]

  constructor(findings: readonly Finding[]) {
    super(findings.map((finding) => `line ${finding.line}, ${finding.message}`).join('\n'))
    this.findings = findings
  }
}

/** All problems a refused document has, in order of the text; empty for any other error. */
export function documentProblems(error: unknown): readonly Finding[] {
  return error instanceof PolagentError && error.cause instanceof DocumentProblems ? error.cause.findings : []
}

/** The error for a text with problems: tells the first, counts the others. */
export function problemError(text: string, problems: Problems): PolagentError {
  const ordered = problems.kept.toSorted((a, b) => a.at - b.at)
  const findings = findingsOf(text, ordered)
  const first = ordered[0]
  const others = problems.count - 1
  const line = findings[0]?.line
  return new PolagentError(first?.code ?? 'DOCUMENT_INVALID', {
    what: `${findings[0]?.message ?? 'no reason given'}${others > 0 ? ` (and ${others} more)` : ''}`,
    ...(line === undefined ? {} : { line }),
    cause: new DocumentProblems(findings),
  })
}

function findingsOf(text: string, problems: readonly Problem[]): Finding[] {
  let at = 0
  let line = 1
  let lineStart = 0
  return problems.map((problem) => {
    const end = Math.min(problem.at, text.length)
    for (let next = text.indexOf('\n', at); next >= 0 && next < end; next = text.indexOf('\n', at)) {
      line += 1
      lineStart = next + 1
      at = lineStart
    }
    const column = Array.from(text.slice(lineStart, end)).length + 1
    return { severity: 'error', code: problem.code, message: `column ${column}: ${problem.message}`, line }
  })
}
