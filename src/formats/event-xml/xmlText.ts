/** Shown where a text holds a character that XML 1.0 does not allow. */
const replacement = '\ufffd'

/** XML 1.0 section 2.2: tab, line feed, carriage return, and from U+0020 all but surrogates, U+FFFE and U+FFFF. */
// oxlint-disable-next-line no-control-regex -- the characters that XML forbids are the ones looked for
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu

/** Text of an element. A carriage return would otherwise be read back as a line feed (XML 1.0 section 2.11). */
export function escapeText(text: string): string {
  return text.replaceAll(forbidden, replacement).replaceAll(/[&<>\r]/g, (character) => escapes[character] as string)
}

/** Value of an attribute, for either kind of quotes; white space would otherwise be read back as blanks. */
export function escapeAttribute(text: string): string {
  return text
    .replaceAll(forbidden, replacement)
    .replaceAll(/[&<>"'\t\n\r]/g, (character) => escapes[character] as string)
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}
