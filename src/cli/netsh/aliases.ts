/** Names for longer commands (netsh-ipsec.md 1.2). An alias is put in once, so that none can be endless. */
export class Aliases {
  readonly #texts = new Map<string, { readonly name: string; readonly text: string }>()

  set(name: string, text: string): void {
    this.#texts.set(name.toLowerCase(), { name, text })
  }

  remove(name: string): boolean {
    return this.#texts.delete(name.toLowerCase())
  }

  /** `undefined` when there is none of that name. */
  listing(name: string | undefined): string | undefined {
    if (name === undefined) return `\n${[...this.#texts.values()].map(listed).join('')}\n`
    const found = this.#texts.get(name.toLowerCase())
    return found === undefined ? undefined : `\n${listed(found)}\n`
  }

  expanded(line: string): string {
    if (this.#texts.size === 0) return line
    const first = /^\s*(\S+)/.exec(line)
    const found = first === null ? undefined : this.#texts.get((first[1] as string).toLowerCase())
    return first === null || found === undefined ? line : `${found.text}${line.slice(first[0].length)}`
  }
}

function listed({ name, text }: { readonly name: string; readonly text: string }): string {
  return `${name.padEnd(16)} ${text}\n`
}
