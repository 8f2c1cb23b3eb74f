import type { NetshFindingCode } from '../findings.ts'
import { longestName } from '../parse/readValue.ts'

/** Says what the script cannot. */
export type Tell = (code: NetshFindingCode, what: string) => void

/** Text in double quotation marks; nothing within is special, and a mark cannot stand there. */
export function quoted(text: string): string {
  return `"${text}"`
}

/** The text as a script can say it; a change is told. */
export function sayable(text: string, what: string, tell: Tell): string {
  const clean = text.replaceAll('"', "'").replaceAll(/\p{Cc}/gu, ' ')
  if (clean !== text) tell('NETSH_TEXT_CHANGED', `${what} has quotation marks or control characters`)
  return clean
}

/** Names of one kind of object: each object has one, no two are the same to netsh. */
export class NetshNames<T> {
  readonly #taken = new Set<string>()
  readonly #names = new Map<T, string>()
  /** Where counting goes on for a name that many objects have. */
  readonly #next = new Map<string, number>()
  readonly #kind: string
  readonly #tell: Tell

  constructor(kind: string, tell: Tell) {
    this.#kind = kind
    this.#tell = tell
  }

  /** The name of the object in the script; the same each time. */
  of(object: T, name: string | undefined): string {
    const known = this.#names.get(object)
    if (known !== undefined) return known
    const made = this.#unique(this.#usable(name))
    this.#taken.add(made.toLowerCase())
    this.#names.set(object, made)
    if (name === undefined || name === '') this.#tell('NETSH_NAME_MADE', `a ${this.#kind} without a name is "${made}"`)
    else if (made !== name) this.#tell('NETSH_TEXT_CHANGED', `the ${this.#kind} "${name}" is "${made}"`)
    return made
  }

  #usable(name: string | undefined): string {
    if (name === undefined || name === '') return `${this.#kind} ${this.#names.size + 1}`
    return name
      .replaceAll('"', "'")
      .replaceAll(/\p{Cc}/gu, ' ')
      .slice(0, longestName)
  }

  #unique(name: string): string {
    const key = name.toLowerCase()
    let candidate = name
    let number = this.#next.get(key) ?? 2
    for (; this.#taken.has(candidate.toLowerCase()); number += 1) {
      const ending = ` (${number})`
      candidate = `${name.slice(0, longestName - ending.length)}${ending}`
    }
    this.#next.set(key, number)
    return candidate
  }
}
