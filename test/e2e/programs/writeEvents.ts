import { EventLog } from '../../../src/audit/index.ts'

/**
 * Appends events without end, singly and in batches, and says the numbers of each append after it has returned:
 * node writeEvents.ts LOG START [COUNT]
 */
const [path = '', start = '0', count = 'Infinity'] = process.argv.slice(2)
const log = EventLog.open(path, { report: (finding) => process.stderr.write(`${finding.code}: ${finding.message}\n`) })
for (let n = Number(start); n < Number(start) + Number(count); ) {
  const size = n % 7 === 0 ? 20 : 1
  const time = new Date().toISOString()
  const records = log.appendAll(
    Array.from({ length: size }, (_, index) => ({ id: 5460, fields: [`event ${n + index}`], time })),
  )
  n += size
  process.stdout.write(`${records.map((record) => `${record.recordNumber}=${record.fields[0]}`).join('\n')}\n`)
}
log.close()
