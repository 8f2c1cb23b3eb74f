import { CellAllocator } from './cellAllocator.ts'
import { signature } from './layout.ts'
import { securityField } from './security.ts'

interface Shared {
  readonly offset: number
  users: number
}

/** The sk cells of a hive that is written: one for each different descriptor, in a ring, with the number of users (5.7). */
export class SecurityCells {
  readonly #cells: CellAllocator
  readonly #byArray = new Map<Uint8Array, Shared>()
  readonly #byContent = new Map<string, Shared>()

  constructor(cells: CellAllocator) {
    this.#cells = cells
  }

  /** Offset of the cell with that descriptor, for one more user. */
  use(descriptor: Uint8Array): number {
    let shared = this.#byArray.get(descriptor)
    if (shared === undefined) {
      shared = this.#sharedFor(descriptor)
      this.#byArray.set(descriptor, shared)
    }
    shared.users += 1
    return shared.offset
  }

  /** Links the cells and writes their counts, once all keys are written. */
  finish(): void {
    const all = [...this.#byContent.values()]
    const { view } = this.#cells
    for (const [i, { offset, users }] of all.entries()) {
      const at = CellAllocator.recordAt(offset)
      const next = all[(i + 1) % all.length] as Shared
      const previous = all[(i + all.length - 1) % all.length] as Shared
      view.setUint32(at + securityField.next, next.offset, true)
      view.setUint32(at + securityField.previous, previous.offset, true)
      view.setUint32(at + securityField.users, users, true)
    }
  }

  #sharedFor(descriptor: Uint8Array): Shared {
    const content = contentOf(descriptor)
    const known = this.#byContent.get(content)
    if (known !== undefined) return known
    const offset = this.#cells.allocate(securityField.descriptor + descriptor.length)
    const { view, bytes } = this.#cells
    const at = CellAllocator.recordAt(offset)
    view.setUint16(at, signature.sk, true)
    view.setUint32(at + securityField.length, descriptor.length, true)
    bytes.set(descriptor, at + securityField.descriptor)
    const shared = { offset, users: 0 }
    this.#byContent.set(content, shared)
    return shared
  }
}

/** The bytes as characters. */
function contentOf(descriptor: Uint8Array): string {
  let key = ''
  for (const byte of descriptor) key += String.fromCharCode(byte)
  return key
}
