/**
 * Text from outside (names in policies, fields of events) for a terminal: control characters, and those that turn the
 * direction of writing, are shown as `\x1b` and the like instead of taking effect. Tabs stay; line breaks when asked.
 */
export function printable(text: string, keepsLineBreaks = false): string {
  return text.replaceAll(unprintable, (character) => {
    if (character === '\n' && keepsLineBreaks) return character
    const code = character.codePointAt(0) as number
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const unprintable = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu
