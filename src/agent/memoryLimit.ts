import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Memory for policy data unless told otherwise. Mebibytes. */
export const defaultMemoryLimit = 512
/** What the process that works on policy needs for itself. Mebibytes. */
export const programMemory = 96

const mebibyte = 1_048_576

/**
 * The limit that holds now: the one asked for, or less when a control group of this process leaves less. Read anew for
 * every attempt, so that memory given back is used at once. Mebibytes.
 */
export function memoryLimitNow(asked: number, readText: (path: string) => string | undefined = readQuietly): number {
  const left = controlGroupMemoryLeft(readText)
  if (left === undefined) return asked
  return Math.max(1, Math.min(asked, Math.floor(left / mebibyte) - programMemory))
}

/**
 * Bytes that the control group of this process (version 2, then 1) and all groups above it leave; `undefined` when none
 * sets a limit. Pages of files that the kernel can drop at any time count as free.
 */
function controlGroupMemoryLeft(readText: (path: string) => string | undefined): number | undefined {
  let least: number | undefined
  for (const line of (readText('/proc/self/cgroup') ?? '').split('\n')) {
    const [, controllers, path] = line.split(':', 3)
    if (path === undefined) continue
    const version = controllers === '' ? 2 : (controllers ?? '').split(',').includes('memory') ? 1 : undefined
    if (version === undefined) continue
    for (let group = path; ; group = dirname(group)) {
      const left = leftIn(version, group === '/' ? '' : group, readText)
      if (left !== undefined) least = Math.min(least ?? left, left)
      if (group === '/' || group === '.') break
    }
  }
  return least
}

function leftIn(version: 1 | 2, group: string, readText: (path: string) => string | undefined): number | undefined {
  const files =
    version === 2
      ? { at: `/sys/fs/cgroup${group}`, limit: 'memory.max', used: 'memory.current', cache: 'inactive_file' }
      : {
          at: `/sys/fs/cgroup/memory${group}`,
          limit: 'memory.limit_in_bytes',
          used: 'memory.usage_in_bytes',
          cache: 'total_inactive_file',
        }
  const limit = numberIn(readText(`${files.at}/${files.limit}`))
  // Version 1 says "no limit" by a number near 2^63, version 2 by "max".
  if (limit === undefined || limit > 2 ** 50) return undefined
  const used = numberIn(readText(`${files.at}/${files.used}`)) ?? 0
  const statistics = readText(`${files.at}/memory.stat`) ?? ''
  const droppable = numberIn(new RegExp(`^${files.cache} (\\d+)$`, 'm').exec(statistics)?.[1]) ?? 0
  return Math.max(0, limit - Math.max(0, used - droppable))
}

function numberIn(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? ''
  return /^\d+$/.test(trimmed) ? Number(trimmed) : undefined
}

function readQuietly(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}
