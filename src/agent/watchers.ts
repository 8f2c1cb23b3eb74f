import { type FSWatcher, watch } from 'node:fs'
import { statSync } from 'node:fs'
import { dirname, basename } from 'node:path'

/** Changes that come together are one change. Milliseconds. */
const settleMilliseconds = 50
/** Where the system does not tell (network file systems, a replaced directory), looking is what remains. Milliseconds. */
const lookMilliseconds = 5000

/** Calls `onChange` soon after the file at `path` was replaced, written or removed. The answer ends the watch. */
export function watchFile(path: string, onChange: () => void): () => void {
  let settle: NodeJS.Timeout | undefined
  let seen = identityOf(path)
  let watcher: FSWatcher | undefined
  const look = (): void => {
    const now = identityOf(path)
    if (now === seen) return
    seen = now
    clearTimeout(settle)
    settle = setTimeout(onChange, settleMilliseconds)
  }
  const open = (): void => {
    try {
      watcher = watch(dirname(path), (_, name) => {
        if (name === null || name === basename(path)) look()
      })
      watcher.on('error', () => {
        watcher?.close()
        watcher = undefined
      })
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
    watcher?.close()
  }
}

/** Calls `onChange` when what `fingerprint` says changes, looked at every `seconds`. A fingerprint that throws is a change too. */
export function watchFingerprint(fingerprint: () => string, seconds: number, onChange: () => void): () => void {
  let seen = attempt(fingerprint)
  const timer = setInterval(() => {
    const now = attempt(fingerprint)
    if (now === seen) return
    seen = now
    onChange()
  }, seconds * 1000)
  return () => clearInterval(timer)
}

function attempt(fingerprint: () => string): string {
  try {
    return fingerprint()
  } catch {
    return ''
  }
}

function identityOf(path: string): string {
  try {
    const stat = statSync(path, { bigint: true })
    return `${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`
  } catch {
    return ''
  }
}
