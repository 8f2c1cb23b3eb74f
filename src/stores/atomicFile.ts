import { closeSync, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Suffix of files that are being written; the holder of the store's lock may remove any it finds. */
export const temporarySuffix = '.tmp'

/**
 * Replaces `path` as one step: after a crash at any instant it has the old or the new content. `verify` sees the bytes
 * as they were written before the old content goes; when it throws nothing has changed.
 */
export function replaceFile(path: string, bytes: Uint8Array, verify: (temporary: string) => void = () => {}): void {
  const temporary = `${path}.${process.pid}${temporarySuffix}`
  try {
    writeDurably(temporary, bytes)
    verify(temporary)
    renameSync(temporary, path)
  } catch (error) {
    try {
      unlinkSync(temporary)
    } catch {
      // It was never created.
    }
    throw error
  }
  syncDirectory(dirname(path))
}

function writeDurably(path: string, bytes: Uint8Array): void {
  const descriptor = openSync(path, 'w', 0o600)
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Makes a rename in `path` survive a power failure. */
export function syncDirectory(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
