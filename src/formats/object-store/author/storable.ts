import { PolagentError } from '../../../base/errors.ts'

/** Fails with what a stored object cannot say; nothing is cut down or left out to make it fit. */
export function notStorable(field: string, what: string): PolagentError {
  return new PolagentError('OBJECT_NOT_STORABLE', { field, what })
}

/** Stored text ends at U+0000, so it cannot hold one. */
export function storableText(text: string, field: string): string {
  if (text.includes('\0')) throw notStorable(field, 'the text contains the character U+0000')
  return text
}

/** A u32 field. */
export function storableNumber(value: number, field: string): number {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw notStorable(field, `${value} is no whole number from 0 to 4294967295`)
  }
  return value
}

export function storableCount(count: number, limit: number, field: string): void {
  if (count > limit) throw notStorable(field, `${count} entries, at most ${limit} can be stored`)
}
