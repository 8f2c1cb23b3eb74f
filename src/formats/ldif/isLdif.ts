import { textOfPrefix } from '../textPrefix.ts'

const prefixLength = 65_536

/** Whether a text begins like LDIF: after comments and an optional version, `dn:` with a name or base64. */
export function isLdif(bytes: Uint8Array): boolean {
  const text = textOfPrefix(bytes.subarray(0, prefixLength))
  if (text === undefined) return false
  let isComment = false
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith(' ') && isComment) continue
    isComment = line.startsWith('#')
    if (isComment || line.trim() === '' || /^version:\s{0,10}\d{1,3}\s{0,10}$/i.test(line)) continue
    return /^dn:(?:[ \t]*[a-z0-9][a-z0-9.-]*[ \t]*=|:[ \t]*[a-z0-9+/]|[ \t]*$)/i.test(line)
  }
  return false
}
