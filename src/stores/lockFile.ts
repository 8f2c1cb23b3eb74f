import { randomBytes } from 'node:crypto'
import { lstatSync, readdirSync, readlinkSync, renameSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { removeQuietly } from './atomicFile.ts'
import { mayBeAlive, ownIdentity, type ProcessIdentity } from './processIdentity.ts'

/** Who holds a lock. The token is new for every acquisition. */
interface LockOwner extends ProcessIdentity {
  readonly token: string
}

export interface HeldLock {
  readonly release: () => void
}

export type LockAnswer =
  | { readonly kind: 'held'; readonly lock: HeldLock }
  /** Without `pid` when the lock does not say whose it is. */
  | { readonly kind: 'busy'; readonly pid?: number }

/**
 * Takes the lock at `path`, waiting up to `waitSeconds`. The lock of a process that has died is taken over.
 *
 * The lock is a symbolic link whose target names its owner: it appears as one step with its content, fails when the name
 * exists, and so short a link needs no block on the disk, so that a full disk locks nobody out. A takeover is decided by
 * a second link named after the dead owner's token: only the one process that made it may replace that owner's lock, so
 * two waiting processes cannot both believe they took it over. When that process dies in between, its own token is taken
 * over in the same way.
 */
export async function acquireLock(path: string, waitSeconds: number): Promise<LockAnswer> {
  const mine: LockOwner = { ...ownIdentity(), token: randomBytes(6).toString('hex') }
  const deadline = performance.now() + waitSeconds * 1000
  for (;;) {
    if (tryLink(path, mine)) return held(path)
    const owner = readOwner(path)
    if (owner !== undefined && !mayBeAlive(owner) && takeOver(path, mine, owner)) return held(path)
    const left = deadline - performance.now()
    if (left <= 0) return { kind: 'busy', ...(owner === undefined || owner.pid === 0 ? {} : { pid: owner.pid }) }
    // Waiting processes must not march in step.
    await delay(Math.min(left, 5 + Math.random() * 20))
  }
}

function held(path: string): LockAnswer {
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
function takeOver(path: string, mine: LockOwner, dead: LockOwner): boolean {
  const claims: string[] = []
  let { token } = dead
  for (;;) {
    const claim = `${path}.takeover.${token}`
    claims.push(claim)
    if (tryLink(claim, mine)) break
    const claimant = readOwner(claim)
    if (claimant === undefined || mayBeAlive(claimant)) return false
    token = claimant.token
  }
  // While we hold the claim on a dead owner's token nobody else can replace that owner's lock.
  let isTaken = false
  try {
    const now = readOwner(path)
    if (now === undefined || mayBeAlive(now) || !claims.includes(`${path}.takeover.${now.token}`)) return false
    const fresh = `${path}.fresh.${mine.token}`
    symlinkSync(textOf(mine), fresh)
    renameSync(fresh, path)
    isTaken = true
    return true
  } finally {
    // Older claims are of the dead, and of use to others until the lock is replaced.
    for (const claim of isTaken ? claims : claims.slice(-1)) removeQuietly(claim)
  }
}

function tryLink(path: string, owner: LockOwner): boolean {
  try {
    symlinkSync(textOf(owner), path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** At most 59 bytes: longer links take a block in usual file systems. */
function textOf({ pid, startTime, boot, pidNamespace, token }: LockOwner): string {
  return [pid, startTime, boot, pidNamespace, token].join('.')
}

/** The owner a lock names; `undefined` when there is none. One that is no lock of ours has an owner that is dead. */
function readOwner(path: string): LockOwner | undefined {
  try {
    const inode = lstatSync(path).ino.toString(16)
    return ownerOf(targetOf(path)) ?? { pid: 0, startTime: '', boot: 'none', pidNamespace: '', token: inode }
  } catch {
    return undefined
  }
}

function targetOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EINVAL') return ''
    throw error
  }
}

function ownerOf(text: string): LockOwner | undefined {
  const match = /^(\d{1,10})\.(\d*)\.([0-9a-f]*)\.(\d*)\.([0-9a-f]{12})$/.exec(text)
  if (match === null) return undefined
  const [, pid, startTime, boot, pidNamespace, token] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  return { pid: Number(pid), startTime, boot, pidNamespace, token }
}

/** For the holder: removes claims and copies of processes that died while taking over. */
function removeLitter(path: string): void {
  try {
    for (const name of readdirSync(dirname(path))) {
      if (!name.startsWith(`${basename(path)}.`)) continue
      const file = join(dirname(path), name)
      const owner = readOwner(file)
      if (owner !== undefined && !mayBeAlive(owner)) removeQuietly(file)
    }
  } catch {
    // Only tidying up.
  }
}
