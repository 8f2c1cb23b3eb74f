/**
 * Names as Windows compares them: each UTF-16 unit upper-cased by itself, then by code unit (5.5).
 * A unit is upper-cased only when lower-casing leads back to it, and not in scripts that got capitals late: so the
 * table of Windows leaves U+00B5, U+0131 and U+017F alone, for example. [R]
 */
function upperUnit(unit: number): number {
  if (unit < 0x80) return unit >= 0x61 && unit <= 0x7a ? unit - 0x20 : unit
  if (unit === 0xd7 || unit === 0xf7) return unit
  if (unit < 0x100) return unit >= 0xe0 && unit !== 0xff ? unit - 0x20 : unit === 0xff ? 0x178 : unit
  if (hasLateCapitals(unit)) return unit
  const letter = String.fromCharCode(unit)
  const upper = letter.toUpperCase()
  return upper.length === 1 && upper.toLowerCase() === letter ? upper.charCodeAt(0) : unit
}

/** Georgian, Cherokee: capitals of Unicode 8 and later. */
function hasLateCapitals(unit: number): boolean {
  return (unit >= 0x10d0 && unit <= 0x10ff) || (unit >= 0x13f8 && unit <= 0x13fd) || (unit >= 0xab70 && unit <= 0xabbf)
}

export function upperName(name: string): string {
  let plain = true
  for (let i = 0; i < name.length && plain; i += 1) plain = name.charCodeAt(i) < 0x80
  if (plain) return name.toUpperCase()
  let upper = ''
  for (let i = 0; i < name.length; i += 1) upper += String.fromCharCode(upperUnit(name.charCodeAt(i)))
  return upper
}

/** Order of two names that are upper-cased already; JavaScript compares strings by code unit. */
export function compareUpper(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The hash of lh lists, of an upper-cased name: `h = h * 37 + unit` (5.5). */
export function nameHash(upper: string): number {
  let hash = 0
  for (let i = 0; i < upper.length; i += 1) hash = (Math.imul(hash, 37) + upper.charCodeAt(i)) >>> 0
  return hash
}

/** The hint of lf lists: the first four characters when all are Latin-1, else zero (5.5). */
export function nameHint(name: string): number {
  let hint = 0
  for (let i = 0; i < 4 && i < name.length; i += 1) {
    const unit = name.charCodeAt(i)
    if (unit > 0xff) return 0
    hint = (hint | (unit << (8 * i))) >>> 0
  }
  return hint
}

/** Whether a lookup of the name gets past this hint. Windows compares without regard to case. */
export function hintFits(hint: number, name: string): boolean {
  if ((hint & 0xff) === 0) return true
  for (let i = 0; i < 4; i += 1) {
    const byte = (hint >>> (8 * i)) & 0xff
    const unit = i < name.length ? name.charCodeAt(i) : 0
    if (unit <= 0xff && upperUnit(byte) !== upperUnit(unit)) return false
  }
  return true
}

export function isLatin1(name: string): boolean {
  for (let i = 0; i < name.length; i += 1) if (name.charCodeAt(i) > 0xff) return false
  return true
}

/** Bytes as a name, one or two a character. Unlike a text decoder it keeps unpaired surrogates as they are. */
export function decodeName(bytes: Uint8Array, start: number, length: number, latin: boolean): string {
  if (latin) return latinText(bytes, start, start + length)
  let name = ''
  for (let at = start; at + 1 < start + length; at += 2) {
    name += String.fromCharCode((bytes[at] as number) | ((bytes[at + 1] as number) << 8))
  }
  return name
}

function latinText(bytes: Uint8Array, start: number, end: number): string {
  let name = ''
  for (let at = start; at < end; at += 1) name += String.fromCharCode(bytes[at] as number)
  return name
}
