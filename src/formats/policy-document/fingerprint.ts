/**
 * A 64-bit check value of texts, for noticing that someone changed words and for finding a filter again. Nobody gains
 * by a collision, so it is made for speed.
 */
export class Fingerprint {
  #first = 0xdead_beef
  #second = 0x41c6_ce57

  add(text: string): this {
    let first = this.#first
    let second = this.#second
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i)
      first = Math.imul(first ^ unit, 0x9e37_79b1)
      second = Math.imul(second ^ unit, 0x5f35_6495)
    }
    this.#first = Math.imul(first ^ text.length, 0x85eb_ca6b)
    this.#second = Math.imul(second ^ text.length, 0xc2b2_ae35)
    return this
  }

  /** Unsigned 32 bits. */
  get short(): number {
    const first = mixed(this.#first)
    const second = mixed(this.#second)
    return (first ^ second) >>> 0
  }

  /** 16 hex digits. */
  get text(): string {
    return [mixed(this.#first), mixed(this.#second ^ this.#first)]
      .map((part) => (part >>> 0).toString(16).padStart(8, '0'))
      .join('')
  }
}

function mixed(value: number): number {
  let bits = value
  bits = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35)
  return bits ^ (bits >>> 16)
}
