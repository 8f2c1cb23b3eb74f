/**
 * The text a prefix of a file most likely begins, in any encoding that exports come in: by byte order mark, by the
 * zero bytes of UTF-16 without one, else as single bytes (good enough to recognise ASCII keywords). `undefined` when it
 * is no text.
 */
export function textOfPrefix(prefix: Uint8Array): string | undefined {
  const text = decoded(prefix.subarray(0, prefix.length - (prefix.length % 2)), prefix)
  return isText(text) ? text : undefined
}

function decoded(even: Uint8Array, whole: Uint8Array): string {
  const [first, second, third] = whole
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(even)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(even)
  if (first === 0xef && second === 0xbb && third === 0xbf) return new TextDecoder('latin1').decode(whole.subarray(3))
  if (second === 0 && first !== 0) return new TextDecoder('utf-16le').decode(even)
  if (first === 0 && second !== 0) return new TextDecoder('utf-16be').decode(even)
  return new TextDecoder('latin1').decode(whole)
}

/** Text has hardly any control characters but tabs and line breaks (a form feed or ^Z at the end of an old file pass). */
function isText(text: string): boolean {
  const looked = text.slice(0, 4096)
  let controls = 0
  for (let at = 0; at < looked.length; at += 1) {
    const code = looked.charCodeAt(at)
    if (code === 0) return false
    if (code < 32 && code !== 9 && code !== 10 && code !== 13) controls += 1
  }
  return controls <= looked.length / 50
}
