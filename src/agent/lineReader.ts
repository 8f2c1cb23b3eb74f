/** Cuts a stream into lines; a line longer than allowed is an answer, not an ever-growing buffer. */
export class LineReader {
  readonly #longest: number
  readonly #onLine: (line: string) => void
  readonly #onTooLong: () => void
  #rest: Buffer[] = []
  #length = 0
  #isClosed = false

  constructor(longest: number, onLine: (line: string) => void, onTooLong: () => void) {
    this.#longest = longest
    this.#onLine = onLine
    this.#onTooLong = onTooLong
  }

  push(chunk: Buffer): void {
    let from = 0
    while (!this.#isClosed) {
      const end = chunk.indexOf(0x0a, from)
      const part = chunk.subarray(from, end < 0 ? undefined : end)
      this.#length += part.length
      if (this.#length > this.#longest) {
        this.#isClosed = true
        this.#rest = []
        this.#onTooLong()
        return
      }
      this.#rest.push(part)
      if (end < 0) return
      const line = Buffer.concat(this.#rest).toString('utf8')
      this.#rest = []
      this.#length = 0
      from = end + 1
      this.#onLine(line)
    }
  }
}
