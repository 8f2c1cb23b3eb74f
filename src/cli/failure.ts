import { errorTable } from '../base/errorTable.ts'
import { PolagentError } from '../base/errors.ts'
import type { Finding } from '../base/finding.ts'
import type { ExitStatus, Io } from './io.ts'
import { jsonText } from './jsonText.ts'
import { findingJson, jsonVersion } from './policyJson.ts'
import { printable } from './printable.ts'

/** Problems that are told one by one; of more only the number is said. */
const listedProblems = 20

/** Tells why a command failed: one sentence, what to do about it, and the exit status that goes with it. */
export function reportFailure(error: unknown, io: Io, isJson: boolean): void {
  const failure = asPolagentError(error)
  const problems = problemsOf(failure)
  if (isJson) io.out(jsonText({ version: jsonVersion, findings: problems.map(findingJson) }))
  io.err(`polagent: ${printable(failure.message)} [${failure.code}]\n  ${failure.advice}\n`)
  for (const { line, message } of problems.slice(1, listedProblems)) {
    io.err(`  ${line === undefined ? '' : `line ${line}: `}${printable(message)}\n`)
  }
  if (problems.length > listedProblems) io.err(`  and ${problems.length - listedProblems} more\n`)
  if (io.env['POLAGENT_DEBUG'] === '1') io.err(`${debugText(error)}\n`)
  io.setStatus(failure.exitStatus as ExitStatus)
}

/** One finding; a reader that found several problems gives them all as the cause. docs/schema/failure.schema.json */
function problemsOf(failure: PolagentError): readonly Finding[] {
  const { cause } = failure
  if (cause instanceof Error && 'findings' in cause && Array.isArray(cause.findings) && cause.findings.length > 0) {
    return (cause.findings as readonly Finding[]).map((finding) => ({
      ...failure.place,
      ...(failure.win32 === undefined ? {} : { win32: failure.win32 }),
      advice: failure.advice,
      ...finding,
    }))
  }
  return [failureFinding(failure)]
}

/** A failure told as a finding. */
export function failureFinding(failure: PolagentError): Finding {
  return {
    severity: 'error',
    code: failure.code,
    message: `${errorTable[failure.code].title}${failure.what === undefined ? '' : `: ${failure.what}`}`,
    advice: failure.advice,
    ...failure.place,
    ...(failure.win32 === undefined ? {} : { win32: failure.win32 }),
  }
}

function asPolagentError(error: unknown): PolagentError {
  if (error instanceof PolagentError) return error
  if (isMemoryFailure(error)) return new PolagentError('OUT_OF_MEMORY', { cause: error })
  const what = error instanceof Error ? error.message : String(error)
  return new PolagentError('INTERNAL', { what: what.split('\n', 1)[0] as string, cause: error })
}

function isMemoryFailure(error: unknown): boolean {
  return (
    error instanceof RangeError &&
    /allocation failed|Invalid array buffer length|Invalid string length/.test(error.message)
  )
}

function debugText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
