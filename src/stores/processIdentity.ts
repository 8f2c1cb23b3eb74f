import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'

/** Names one run of one process, so that a recycled pid or a reboot is not taken for the process that is gone. */
export interface ProcessIdentity {
  readonly pid: number
  /** Clock ticks after boot (/proc/PID/stat field 22). */
  readonly startTime: string
  /** Digest of the boot's id. */
  readonly boot: string
  /** Pids mean something only inside their namespace: its inode. */
  readonly pidNamespace: string
}

export function ownIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    startTime: startTimeOf(process.pid) ?? '',
    boot: bootDigest(),
    pidNamespace: pidNamespace(),
  }
}

/** False only when the process is surely gone; a process in another pid namespace counts as living. */
export function mayBeAlive(identity: ProcessIdentity): boolean {
  if (identity.boot !== bootDigest()) return false
  if (identity.pidNamespace !== pidNamespace()) return true
  const startTime = startTimeOf(identity.pid)
  return startTime !== undefined && startTime === identity.startTime
}

function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The command name in parentheses may hold blanks and parentheses; fields are counted after the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie does nothing any more, but its parent may not have noticed.
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

function bootDigest(): string {
  try {
    const id = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    return createHash('sha256').update(id).digest('hex').slice(0, 8)
  } catch {
    return ''
  }
}

function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? ''
  } catch {
    return ''
  }
}
