import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** How many record numbers are set aside at a time; at most so many are skipped when the log itself is lost. */
export const numbersAhead = 1000

/**
 * A number no record of the log exceeds, kept in a file beside it, so that numbers go on rising when the log is damaged
 * or deleted. It is raised, durably, before a record beyond it is committed.
 */
export class NumberCeiling {
  readonly #path: string
  #known = 0

  constructor(logPath: string) {
    this.#path = `${logPath}.numbers`
  }

  /** The file was there, and holds a number. */
  get isKnown(): boolean {
    return this.#known > 0
  }

  /** What the file says; 0 when it says nothing. */
  read(): number {
    try {
      const text = readFileSync(this.#path, 'latin1').trim()
      this.#known = /^\d{1,15}$/.test(text) ? Number(text) : 0
    } catch {
      this.#known = 0
    }
    return this.#known
  }

  /** Makes sure that the ceiling is at least `number`. */
  cover(number: number): void {
    // Another process may have raised it since we last looked.
    if (number <= this.#known || number <= this.read()) return
    const ceiling = number + numbersAhead
    const temporary = `${this.#path}.tmp`
    const descriptor = openSync(temporary, 'w', 0o600)
    try {
      writeSync(descriptor, `${ceiling}\n`)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(temporary, this.#path)
    const directory = openSync(dirname(this.#path), 'r')
    try {
      fsyncSync(directory)
    } finally {
      closeSync(directory)
    }
    this.#known = ceiling
  }
}
