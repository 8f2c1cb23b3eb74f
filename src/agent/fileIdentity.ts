import { statSync } from 'node:fs'

/** Changes with every change of the hive or of the transaction logs beside it; what is not there counts as well. */
export function hiveFilesIdentity(hive: string): string {
  return ['', '.LOG', '.LOG1', '.LOG2'].map((suffix) => fileIdentity(hive + suffix)).join(' ')
}

function fileIdentity(path: string): string {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
    return stat === undefined ? '-' : `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown'
  }
}

/** Bytes; `undefined` when the file cannot be seen. */
export function sizeOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size
  } catch {
    return undefined
  }
}
