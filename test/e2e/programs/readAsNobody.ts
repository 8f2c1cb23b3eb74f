import { EventLog } from '../../../src/audit/index.ts'
import { PolagentError } from '../../../src/base/errors.ts'

/** Reads a log as a user who owns nothing, and says the record numbers or the code of the failure. */
const [path = ''] = process.argv.slice(2)
process.setgroups?.([])
process.setgid?.(65_534)
process.setuid?.(65_534)
try {
  const log = EventLog.open(path, { readOnly: true })
  process.stdout.write([...log.query()].map(({ recordNumber }) => recordNumber).join(' '))
  log.close()
} catch (error) {
  if (!(error instanceof PolagentError)) throw error
  process.stdout.write(`${error.code} ${error.win32}`)
}
