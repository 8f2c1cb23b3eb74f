import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Adds up the reports in a directory and prints the closing line; no test at all is a failure too. */
interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numFailedTestSuites: number
}

const directory = process.argv[2] ?? 'dist/results'
let passed = 0
let failed = 0
let skipped = 0
for (const name of readdirSync(directory)) {
  const report = JSON.parse(readFileSync(join(directory, name), 'utf8')) as Report
  passed += report.numPassedTests
  // A file that does not even load has no tests in it to fail.
  failed += Math.max(report.numFailedTests, report.numFailedTestSuites > 0 ? 1 : 0)
  skipped += report.numPendingTests
}
console.log(`\n${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`)
if (failed > 0 || skipped > 0 || passed === 0) process.exitCode = 1
