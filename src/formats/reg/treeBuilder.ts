import type { RegistryKey, RegistryValue } from '../../policy/registryValue.ts'

/** A key that grows while a text is read. Names are compared without regard to case, first spelling kept. */
export class KeyBuilder {
  readonly name: string
  readonly line: number | undefined
  #subkeys: Map<string, KeyBuilder> | undefined
  #values: Map<string, RegistryValue> | undefined

  constructor(name: string, line?: number) {
    this.name = name
    this.line = line
  }

  find(name: string): KeyBuilder | undefined {
    return this.#subkeys?.get(name.toLowerCase())
  }

  /** The subkey of that name, made when there is none. */
  open(name: string, line: number): KeyBuilder {
    const lower = name.toLowerCase()
    this.#subkeys ??= new Map()
    let subkey = this.#subkeys.get(lower)
    if (subkey === undefined) {
      subkey = new KeyBuilder(name, line)
      this.#subkeys.set(lower, subkey)
    }
    return subkey
  }

  /** Answers whether there was such a subkey. */
  remove(name: string): boolean {
    return this.#subkeys?.delete(name.toLowerCase()) ?? false
  }

  /** A later value takes the place of an earlier one of the same name. */
  set(value: RegistryValue): void {
    this.#values ??= new Map()
    this.#values.set(value.name.toLowerCase(), value)
  }

  unset(name: string): boolean {
    return this.#values?.delete(name.toLowerCase()) ?? false
  }

  unsetAll(): boolean {
    const had = this.#values !== undefined && this.#values.size > 0
    this.#values = undefined
    return had
  }

  /** Recursion is as deep as key paths may be. */
  finish(): RegistryKey {
    return {
      name: this.name,
      values: this.#values === undefined ? [] : [...this.#values.values()],
      subkeys: this.#subkeys === undefined ? [] : Array.from(this.#subkeys.values(), (subkey) => subkey.finish()),
      ...(this.line === undefined ? {} : { line: this.line }),
    }
  }
}

/** The tree of all keys a text names, from a root without a name. */
export class TreeBuilder {
  readonly root = new KeyBuilder('')

  open(path: readonly string[], line: number): KeyBuilder {
    let key = this.root
    for (const name of path) key = key.open(name, line)
    return key
  }

  find(path: readonly string[]): KeyBuilder | undefined {
    let key: KeyBuilder | undefined = this.root
    for (const name of path) key = key?.find(name)
    return key
  }

  /** Removes a key and all below it; answers whether it was there. */
  remove(path: readonly string[]): boolean {
    const last = path.at(-1)
    return last === undefined ? false : (this.find(path.slice(0, -1))?.remove(last) ?? false)
  }
}
