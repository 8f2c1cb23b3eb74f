import { readFileSync } from 'node:fs'

/** Memory for policy data unless told otherwise. Mebibytes. */
export const defaultMemoryLimit = 512

/**
 * The limit that holds now: the one asked for, or less when the control group of this process leaves less. Read anew for
 * every attempt, so that memory given back is used at once. Mebibytes.
 */
export function memoryLimitNow(asked: number, readText: (path: string) => string | undefined = readQuietly): number {
  const left = controlGroupMemoryLeft(readText)
  return left === undefined ? asked : Math.max(1, Math.min(asked, Math.floor(left / 1_048_576)))
}

/** Bytes that the control group (version 2, then 1) leaves; `undefined` when it sets no limit. */
export function controlGroupMemoryLeft(readText: (path: string) => string | undefined): number | undefined {
  for (const line of (readText('/proc/self/cgroup') ?? '').split('\n')) {
    const [, controllers, path] = line.split(':', 3)
    if (path === undefined) continue
    const files =
      controllers === ''
        ? [`/sys/fs/cgroup${path}/memory.max`, `/sys/fs/cgroup${path}/memory.current`]
        : (controllers ?? '').split(',').includes('memory')
          ? [`/sys/fs/cgroup/memory${path}/memory.limit_in_bytes`, `/sys/fs/cgroup/memory${path}/memory.usage_in_bytes`]
          : []
    const [limit, used] = files.map((file) => Number(readText(file)?.trim()))
    // Version 1 says "no limit" by a number near 2^63.
    if (limit === undefined || used === undefined || !Number.isFinite(limit) || limit > 2 ** 50) continue
    return Math.max(0, limit - (Number.isFinite(used) ? used : 0))
  }
  return undefined
}

function readQuietly(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}
