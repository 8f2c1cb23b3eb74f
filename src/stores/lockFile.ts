import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
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
  | { readonly kind: 'busy'; readonly pid: number; readonly purpose: string }

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
  writeFileSync(own, JSON.stringify(mine), { mode: 0o600, flag: 'wx' })
  try {
    const deadline = performance.now() + waitSeconds * 1000
    for (;;) {
      if (tryLink(own, path)) return held(path, own)
      const owner = readLock(path)
      if (owner !== undefined && !mayBeAlive(owner) && takeOver(path, own, owner)) return held(path, own)
      const left = deadline - performance.now()
      if (left <= 0) {
        unlinkQuietly(own)
        return { kind: 'busy', pid: owner?.pid ?? 0, purpose: owner?.purpose ?? '' }
      }
      // Waiting processes must not march in step.
      await delay(Math.min(left, 5 + Math.random() * 20))
    }
  } catch (error) {
    unlinkQuietly(own)
    throw error
  }
}

/** Who holds the lock, if anyone who may be alive does. */
export function lockOwner(path: string): { readonly pid: number } | undefined {
  const owner = readLock(path)
  return owner !== undefined && mayBeAlive(owner) ? { pid: owner.pid } : undefined
}

function held(path: string, own: string): LockAnswer {
  unlinkQuietly(own)
  let isHeld = true
  const release = (): void => {
    // A second call must not remove the lock of whoever came after us.
    if (isHeld) unlinkQuietly(path)
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
  const now = readLock(path)
  const isStillDead = now !== undefined && !mayBeAlive(now) && claims.includes(`${path}.takeover.${now.token}`)
  if (!isStillDead) {
    unlinkQuietly(claims.at(-1) as string)
    return false
  }
  // rename() does nothing when both names are links to one file, so what is renamed must be a file of its own.
  const fresh = `${own}.fresh`
  writeFileSync(fresh, readFileSync(own), { mode: 0o600, flag: 'wx' })
  renameSync(fresh, path)
  for (const claim of claims) unlinkQuietly(claim)
  unlinkQuietly(`${path}.${dead.token}`)
  return true
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

function readLock(path: string): LockContent | undefined {
  try {
    const content = JSON.parse(readFileSync(path, 'utf8')) as Partial<LockContent>
    const isWhole =
      typeof content.pid === 'number' &&
      typeof content.startTime === 'string' &&
      typeof content.bootId === 'string' &&
      typeof content.pidNamespace === 'string' &&
      typeof content.token === 'string' &&
      /^[0-9a-f]{24}$/.test(content.token)
    return isWhole ? { ...(content as LockContent), purpose: String(content.purpose ?? '') } : undefined
  } catch {
    return undefined
  }
}

function unlinkQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Gone already, which is what was wanted.
  }
}
