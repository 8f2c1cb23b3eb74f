import type { BaseBlock } from './baseBlock.ts'
import { baseSectorLength, magic, pageLength } from './layout.ts'
import type { LogPage } from './newLog.ts'

/** Each bit of the bitmap stands for so many bytes of the hive. */
const dirtyUnit = 512

export interface OldLog {
  readonly bytes: Uint8Array
  readonly base: BaseBlock
  readonly pages: readonly LogPage[]
}

/** The dirty pages of a log in the format used before Windows 8.1 (5.8), or why it cannot be used. `largestSize` as in readNewLog. */
export function readOldLog(bytes: Uint8Array, base: BaseBlock, largestSize: number): OldLog | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const vector = dirtyVectorAt(view, base)
  if (vector === undefined) return 'it has no map of changed pages'
  if (base.binsSize === 0 || base.binsSize % pageLength !== 0 || base.binsSize > largestSize) {
    return `the hive size ${base.binsSize} in it is impossible`
  }
  const bits = base.binsSize / dirtyUnit
  const bitmap = vector + 4
  const bitmapEnd = bitmap + bits / 8
  if (bitmapEnd > bytes.length) return 'it ends within its map of changed pages'
  let start = Math.ceil(bitmapEnd / dirtyUnit) * dirtyUnit
  const pages: LogPage[] = []
  for (let bit = 0; bit < bits; bit += 1) {
    if (((bytes[bitmap + (bit >>> 3)] as number) & (1 << (bit & 7))) === 0) continue
    if (start + dirtyUnit > bytes.length) return 'it ends within its changed pages'
    pages.push({ offset: bit * dirtyUnit, start, length: dirtyUnit })
    start += dirtyUnit
  }
  return { bytes, base, pages }
}

/** In the second sector; sectors of some disks are longer. */
function dirtyVectorAt(view: DataView, base: BaseBlock): number | undefined {
  const factor = base.clusteringFactor >= 1 && base.clusteringFactor <= 8 ? base.clusteringFactor : 1
  for (const at of [baseSectorLength * factor, baseSectorLength]) {
    if (at + 4 <= view.byteLength && view.getUint32(at, true) === magic.dirt) return at
  }
  return undefined
}
