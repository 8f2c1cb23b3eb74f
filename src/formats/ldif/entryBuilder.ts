import type { DirectoryAttribute } from '../../policy/storedObject.ts'

/** An entry of a directory as LDIF has it. */
export interface LdifEntry {
  readonly dn: string
  /** In read order, values of one name together; names as written, options such as `;binary` included. */
  readonly attributes: readonly DirectoryAttribute[]
  readonly line: number
}

class AttributeBuilder {
  readonly name: string
  #values: Uint8Array[] = []
  /** The same by content, made when the first value is to be removed. */
  #byContent: Map<string, Uint8Array> | undefined

  constructor(name: string) {
    this.name = name
  }

  add(value: Uint8Array): void {
    if (this.#byContent === undefined) this.#values.push(value)
    else this.#byContent.set(contentKey(value), value)
  }

  remove(value: Uint8Array): boolean {
    if (this.#byContent === undefined) {
      this.#byContent = new Map(this.#values.map((own) => [contentKey(own), own]))
      this.#values = []
    }
    return this.#byContent.delete(contentKey(value))
  }

  get isEmpty(): boolean {
    return (this.#byContent?.size ?? this.#values.length) === 0
  }

  finish(): DirectoryAttribute {
    return { name: this.name, values: this.#byContent === undefined ? this.#values : [...this.#byContent.values()] }
  }
}

const latin1 = new TextDecoder('latin1')

function contentKey(value: Uint8Array): string {
  return latin1.decode(value)
}

/** An entry while its records are read. */
export class EntryBuilder {
  readonly dn: string
  readonly line: number
  readonly #attributes = new Map<string, AttributeBuilder>()

  constructor(dn: string, line: number) {
    this.dn = dn
    this.line = line
  }

  add(name: string, value: Uint8Array): void {
    const lower = name.toLowerCase()
    let attribute = this.#attributes.get(lower)
    if (attribute === undefined) {
      attribute = new AttributeBuilder(name)
      this.#attributes.set(lower, attribute)
    }
    attribute.add(value)
  }

  removeAll(name: string): boolean {
    return this.#attributes.delete(name.toLowerCase())
  }

  remove(name: string, value: Uint8Array): boolean {
    const attribute = this.#attributes.get(name.toLowerCase())
    if (attribute?.remove(value) !== true) return false
    if (attribute.isEmpty) this.removeAll(name)
    return true
  }

  finish(): LdifEntry {
    return {
      dn: this.dn,
      attributes: Array.from(this.#attributes.values(), (attribute) => attribute.finish()),
      line: this.line,
    }
  }
}
