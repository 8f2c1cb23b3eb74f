import { closeSync, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Suffix of files that are being written; the holder of the store's lock may remove any it finds. */
export const temporarySuffix = '.tmp'

/** New content for a file, on disk in full, that is not yet the file's content. */
export interface StagedFile {
  /** Where the new content lies until `commit`. */
  readonly temporary: string
  /** Makes it the content, in one step that survives a power failure. Needs no more space on the disk. */
  readonly commit: () => void
  /** Gives it up; nothing after a commit. */
  readonly discard: () => void
}

/** Writes the new content of `path` beside it. When it throws, nothing is left behind. */
export function stageFile(path: string, bytes: Uint8Array): StagedFile {
  const temporary = `${path}.${process.pid}${temporarySuffix}`
  try {
    writeDurably(temporary, bytes)
  } catch (error) {
    removeQuietly(temporary)
    throw error
  }
  let isOpen = true
  return {
    temporary,
    commit: () => {
      renameSync(temporary, path)
      isOpen = false
      syncDirectory(dirname(path))
    },
    discard: () => {
      if (isOpen) removeQuietly(temporary)
      isOpen = false
    },
  }
}

/** Replaces `path` as one step: after a crash at any instant it has the old or the new content. */
export function replaceFile(path: string, bytes: Uint8Array): void {
  const staged = stageFile(path, bytes)
  try {
    staged.commit()
  } finally {
    staged.discard()
  }
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

/** Makes renames and new names in `path` survive a power failure. */
export function syncDirectory(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

export function removeQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Gone already, or not ours to remove.
  }
}
