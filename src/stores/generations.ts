import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { removeQuietly, replaceFile, stageFile, type StagedFile } from './atomicFile.ts'

/** One state the local store was in. */
export interface Generation {
  readonly number: number
  /** ISO 8601, UTC. */
  readonly time: string
  /** What made it: `import corp.reg`, `changed outside polagent`. */
  readonly reason: string
  readonly sha256: string
  readonly bytes: number
}

/** Generations kept unless told otherwise. */
export const defaultGenerationsKept = 20

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export function generationPath(directory: string, number: number): string {
  return join(directory, `${String(number).padStart(6, '0')}.hive`)
}

/** The recorded generations, oldest first. A line that cannot be read is left out; the hive files stay. */
export function readGenerations(directory: string): Generation[] {
  let text: string
  try {
    text = readFileSync(indexPath(directory), 'utf8')
  } catch {
    return []
  }
  return text
    .split('\n')
    .flatMap(parseLine)
    .toSorted((a, b) => a.number - b.number)
}

/** The hive of one generation; `undefined` when it is gone or not what was recorded. */
export function readGeneration(directory: string, generation: Generation): Uint8Array | undefined {
  try {
    const bytes = readFileSync(generationPath(directory, generation.number))
    return digestOf(bytes) === generation.sha256 ? bytes : undefined
  } catch {
    return undefined
  }
}

/** Stages the hive file of a generation; it counts once the index names it. */
export function stageGeneration(directory: string, number: number, bytes: Uint8Array): StagedFile {
  return stageFile(generationPath(directory, number), bytes)
}

/** Stages the index with one more line, of which the newest `keep` stay. */
export function stageIndex(directory: string, generation: Generation, keep: number): StagedFile {
  return stageFile(indexPath(directory), indexBytes(keptWith(directory, generation, keep)))
}

/** Adds a line to the index; for a state that is on disk already. */
export function recordGeneration(directory: string, generation: Generation, keep: number): void {
  replaceFile(indexPath(directory), indexBytes(keptWith(directory, generation, keep)))
  removeForgotten(directory, keep)
}

/** Removes hive files older than all `keep` that are recorded. What has lost only its line in the index stays as long. */
export function removeForgotten(directory: string, keep: number): void {
  const recorded = readGenerations(directory)
  if (recorded.length < keep) return
  const oldest = recorded[0]?.number ?? 0
  for (const number of generationFiles(directory)) {
    if (number < oldest) removeQuietly(generationPath(directory, number))
  }
}

/** Removes what changes left behind that were cut off before they took effect. For the holder of the store's lock. */
export function removeCutOff(directory: string): void {
  const newest = readGenerations(directory).at(-1)?.number
  if (newest === undefined) return
  for (const number of generationFiles(directory)) {
    if (number > newest) removeQuietly(generationPath(directory, number))
  }
}

function keptWith(directory: string, generation: Generation, keep: number): Generation[] {
  return [...readGenerations(directory).filter((old) => old.number !== generation.number), generation].slice(-keep)
}

function indexBytes(generations: readonly Generation[]): Uint8Array {
  return new TextEncoder().encode(generations.map((one) => `${JSON.stringify(one)}\n`).join(''))
}

/** A number no generation has or had, recorded or not. */
export function nextGenerationNumber(directory: string): number {
  const recorded = readGenerations(directory).at(-1)?.number ?? 0
  return Math.max(recorded, ...generationFiles(directory), 0) + 1
}

/** Numbers of the hive files that are there. */
export function generationFiles(directory: string): number[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory).flatMap((name) => {
    const match = /^(\d{6,12})\.hive$/.exec(name)
    return match === null ? [] : [Number(match[1])]
  })
}

function indexPath(directory: string): string {
  return join(directory, 'index.jsonl')
}

function parseLine(line: string): Generation[] {
  try {
    const value = JSON.parse(line) as Partial<Generation>
    const isWhole =
      Number.isSafeInteger(value.number) &&
      typeof value.time === 'string' &&
      typeof value.reason === 'string' &&
      typeof value.sha256 === 'string' &&
      typeof value.bytes === 'number'
    return isWhole ? [value as Generation] : []
  } catch {
    return []
  }
}
