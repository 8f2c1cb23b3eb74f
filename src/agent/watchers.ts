import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { hiveFilesIdentity } from './fileIdentity.ts'

/** Changes that come together are one change. Milliseconds. */
const settleMilliseconds = 50
/** Where the system does not tell (network file systems, a replaced directory), looking is what remains. Milliseconds. */
const lookMilliseconds = 5000

/** Calls `onChange` soon after the hive or a log beside it was replaced, written or removed. The answer ends the watch. */
export function watchHive(hive: string, onChange: () => void): () => void {
  let settle: NodeJS.Timeout | undefined
  let seen = hiveFilesIdentity(hive)
  let watcher: FSWatcher | undefined
  const look = (): void => {
    const now = hiveFilesIdentity(hive)
    if (now === seen) return
    seen = now
    // Counted from the first change: a file that is written all the time must not put it off for ever.
    settle ??= setTimeout(() => {
      settle = undefined
      onChange()
    }, settleMilliseconds)
  }
  const close = (): void => {
    watcher?.close()
    watcher = undefined
  }
  const open = (): void => {
    try {
      watcher = watch(dirname(hive), (event, name) => {
        if (name === null || name.startsWith(basename(hive))) look()
        // The directory itself has gone or moved; the next look watches what is there then.
        if (event === 'rename' && name === basename(dirname(hive))) close()
      })
      watcher.on('error', close)
    } catch {
      watcher = undefined
    }
  }
  open()
  const timer = setInterval(() => {
    if (watcher === undefined) open()
    look()
  }, lookMilliseconds)
  return () => {
    clearInterval(timer)
    clearTimeout(settle)
    close()
  }
}

/** Calls `onChange` when what `fingerprint` says changes, looked at every `seconds`. One that throws is a value as well. */
export function watchFingerprint(fingerprint: () => string, seconds: number, onChange: () => void): () => void {
  let seen = valueOf(fingerprint)
  const timer = setInterval(() => {
    const now = valueOf(fingerprint)
    if (now === seen) return
    seen = now
    onChange()
  }, seconds * 1000)
  return () => clearInterval(timer)
}

function valueOf(fingerprint: () => string): string {
  try {
    return fingerprint()
  } catch {
    return ''
  }
}
