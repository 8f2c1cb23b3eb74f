import { chmodSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { syncDirectory } from './atomicFile.ts'
import { fileError } from './storeErrors.ts'

/** Where polagent keeps what outlives a run. Nothing here exists until `ensureStateDirectory` is called. */
export interface StateDirectory {
  readonly root: string
  /** Directory of the local store; watched by the agent. */
  readonly store: string
  readonly hive: string
  readonly generations: string
  readonly storeLock: string
  readonly agentLock: string
  readonly controlSocket: string
  readonly eventLog: string
}

/**
 * The state directory: `--state-dir`, else POLAGENT_STATE_DIR, else /var/lib/polagent for root and
 * $XDG_STATE_HOME/polagent (~/.local/state/polagent) for others.
 */
export function stateDirectoryOf(
  option: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  userId = process.getuid?.(),
): StateDirectory {
  const root = resolve(option ?? env['POLAGENT_STATE_DIR'] ?? defaultRoot(env, userId))
  const store = join(root, 'store')
  return {
    root,
    store,
    hive: join(store, 'policy.hive'),
    generations: join(store, 'generations'),
    storeLock: join(store, 'lock'),
    agentLock: join(root, 'agent.lock'),
    controlSocket: join(root, 'control.sock'),
    eventLog: join(root, 'events.db'),
  }
}

function defaultRoot(env: Readonly<Record<string, string | undefined>>, userId: number | undefined): string {
  if (userId === 0) return '/var/lib/polagent'
  return join(env['XDG_STATE_HOME'] ?? join(env['HOME'] ?? homedir(), '.local', 'state'), 'polagent')
}

/** Creates the directories; readable by their owner only, because policies may hold preshared keys. */
export function ensureStateDirectory(directory: StateDirectory): void {
  try {
    for (const path of [directory.root, directory.store, directory.generations]) {
      const first = mkdirSync(path, { recursive: true, mode: 0o700 })
      if (first === undefined) continue
      chmodSync(path, 0o700)
      // The new names are on disk before anything is written below them.
      for (let made = path; made.length >= first.length; made = dirname(made)) syncDirectory(dirname(made))
    }
  } catch (error) {
    throw fileError('STATE_DIRECTORY_UNUSABLE', directory.root, error)
  }
}
