import { randomBytes } from 'node:crypto'
import { linkSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { removeQuietly } from './atomicFile.ts'
import { mayBeAlive, ownIdentity, type ProcessIdentity } from './processIdentity.ts'

/** What a lock file holds. The token is new for every acquisition. */
interface LockContent extends ProcessIdentity {
  readonly token: string
  readonly purpose: string
}

export interface HeldLock {
  readonly release: () => void
}

export type LockAnswer =
  | { readonly kind: 'held'; readonly lock: HeldLock }
  /** Without `pid` when the lock of another user cannot be read. */
  | { readonly kind: 'busy'; readonly pid?: number; readonly purpose: string }

/** Ending of the copy that replaces a dead process's lock. */
const freshSuffix = '.fresh'
/** What is left behind by processes that died is removed when it is older than this. Milliseconds. */
const litterAge = 60_000

/**
 * Takes the lock file at `path`, waiting up to `waitSeconds`. The lock of a process that has died is taken over.
 *
 * The file appears with its content complete (written aside, then hard-linked, which fails when the name exists). A
 * takeover is decided by a second link named after the dead owner's token: only the one process that made it may
 * replace that owner's lock, so two waiting processes cannot both believe they took it over. When that process dies in
 * between, its own token is taken over in the same way.
 */
export async function acquireLock(path: string, purpose: string, waitSeconds: number): Promise<LockAnswer> {
  const mine: LockContent = { ...ownIdentity(), token: randomBytes(12).toString('hex'), purpose }
  const own = `${path}.${mine.token}`
  try {
    writeFileSync(own, JSON.stringify(mine), { mode: 0o600, flag: 'wx' })
    const deadline = performance.now() + waitSeconds * 1000
    for (;;) {
      if (tryLink(own, path)) return held(path, own)
      const owner = readLock(path)
      if (owner !== undefined && !mayBeAlive(owner) && takeOver(path, own, owner)) return held(path, own)
      const left = deadline - performance.now()
      if (left <= 0) {
        removeQuietly(own)
        return {
          kind: 'busy',
          ...(owner === undefined || owner.pid === 0 ? {} : { pid: owner.pid }),
          purpose: owner?.purpose ?? '',
        }
      }
      // Waiting processes must not march in step.
      await delay(Math.min(left, 5 + Math.random() * 20))
    }
  } catch (error) {
    removeQuietly(own)
    throw error
  }
}

function held(path: string, own: string): LockAnswer {
  removeQuietly(own)
  removeLitter(path)
  let isHeld = true
  const release = (): void => {
    // A second call must not remove the lock of whoever came after us.
    if (isHeld) removeQuietly(path)
    isHeld = false
  }
  return { kind: 'held', lock: { release } }
}

/** Replaces the lock of `dead` by ours; false when another process is about to do so, or has done so. */
function takeOver(path: string, own: string, dead: LockContent): boolean {
  const claims: string[] = []
  let token = dead.token
  for (;;) {
    const claim = `${path}.takeover.${token}`
    claims.push(claim)
    if (tryLink(own, claim)) break
    const claimant = readLock(claim)
    if (claimant === undefined || mayBeAlive(claimant)) return false
    token = claimant.token
  }
  // While we hold the claim on a dead owner's token nobody else can replace that owner's lock.
  const fresh = own + freshSuffix
  let isTaken = false
  try {
    const now = readLock(path)
    if (now === undefined || mayBeAlive(now) || !claims.includes(`${path}.takeover.${now.token}`)) return false
    // rename() does nothing when both names are links to one file, so what is renamed must be a file of its own.
    writeFileSync(fresh, readFileSync(own), { mode: 0o600, flag: 'wx' })
    renameSync(fresh, path)
    isTaken = true
    return true
  } finally {
    // Older claims are of the dead, and of use to others until the lock is replaced.
    for (const claim of isTaken ? claims : claims.slice(-1)) removeQuietly(claim)
    removeQuietly(isTaken ? `${path}.${dead.token}` : fresh)
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/**
 * The owner of the lock; `undefined` when there is no lock, or one that we may not read. A lock that can be read but has
 * no whole content is the remains of a power failure, because it appears with its content complete: its owner is dead.
 */
function readLock(path: string): LockContent | undefined {
  let text: string
  let inode: number
  try {
    inode = statSync(path).ino
    text = readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
  return contentOf(text) ?? { ...nobody, token: inode.toString(16).padStart(24, '0').slice(-24) }
}

const nobody = { pid: 0, startTime: '', bootId: 'none', pidNamespace: '', purpose: '' }

function contentOf(text: string): LockContent | undefined {
  try {
    const content = JSON.parse(text) as Partial<LockContent>
    const isWhole =
      typeof content.pid === 'number' &&
      typeof content.startTime === 'string' &&
      typeof content.bootId === 'string' &&
      typeof content.pidNamespace === 'string' &&
      typeof content.token === 'string' &&
      (content.purpose === undefined || typeof content.purpose === 'string') &&
      /^[0-9a-f]{24}$/.test(content.token)
    return isWhole ? { ...(content as LockContent), purpose: content.purpose ?? '' } : undefined
  } catch {
    return undefined
  }
}

/** For the holder: removes files that processes left which died while waiting or taking over. */
function removeLitter(path: string): void {
  try {
    // Copies come after what they are copies of.
    for (const name of readdirSync(dirname(path)).toSorted()) {
      if (!name.startsWith(`${basename(path)}.`)) continue
      const file = join(dirname(path), name)
      if (file.endsWith(freshSuffix)) {
        // It is in the making as long as the file it is a copy of is there.
        const maker = readLock(file.slice(0, -freshSuffix.length))
        if (maker === undefined || !mayBeAlive(maker)) removeQuietly(file)
        continue
      }
      const owner = readLock(file)
      if (owner === undefined || mayBeAlive(owner)) continue
      // A file whose content is not there yet may be one that is being written.
      if (owner.pid !== 0 || Date.now() - statSync(file).mtimeMs > litterAge) removeQuietly(file)
    }
  } catch {
    // Only tidying up.
  }
}
