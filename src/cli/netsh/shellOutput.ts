import { appendFileSync, writeFileSync } from 'node:fs'
import type { Io } from '../io.ts'

/** Text that is gathered before it goes out: a script of many lines is not as many writes. UTF-16 units. */
const mostGathered = 65_536

/** What a session prints: to standard output, and into the file of `set file`. */
export class ShellOutput {
  readonly #io: Io
  #gathered = ''
  #copy: string | undefined

  constructor(io: Io) {
    this.#io = io
  }

  out(text: string): void {
    this.#gathered += text
    if (this.#gathered.length >= mostGathered) this.flush()
  }

  /** What was printed before comes before it. */
  err(text: string): void {
    this.flush()
    this.#io.err(text)
  }

  flush(): void {
    const text = this.#gathered
    if (text === '') return
    this.#gathered = ''
    this.#io.out(text)
    if (this.#copy !== undefined) appendFileSync(this.#copy, text)
  }

  /** From now on what is printed goes to that file too; readable by its owner only, because listings may hold keys. */
  copyTo(file: string, keepsContent: boolean): void {
    this.stopCopy()
    writeFileSync(file, '', { mode: 0o600, flag: keepsContent ? 'a' : 'w' })
    this.#copy = file
  }

  stopCopy(): void {
    this.flush()
    this.#copy = undefined
  }
}
