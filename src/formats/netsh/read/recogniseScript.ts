/** Whether a text is a script for `netsh -f`, or a batch file that calls `netsh … ipsec`. */
export function isNetshScript(text: string): boolean {
  return hasIpsecCall(text) || /^[ \t]*(?:pushd[ \t]+)?ipsec[ \t]+(?:static|dynamic)\b/im.test(text)
}

function hasIpsecCall(text: string): boolean {
  return (
    /^.*\bnetsh(?:\.exe)?"?[ \t]+(?:-\S+[ \t]+(?:"[^"\r\n]*"|\S+)[ \t]+)*"?ips?e?c?\b/im.test(text) ||
    callsWithContext.test(text)
  )
}

const callsWithContext = /\bnetsh(?:\.exe)?"?[ \t]+-c[ \t]+"?ipsec\b/i

/** Lines that call netsh make the text a batch file; netsh itself has no such command. */
export function hasNetshCalls(text: string): boolean {
  return (
    /^[ \t@]*"?(?:[^\s"]*[\\/])?netsh(?:\.exe)?"?(?:[ \t]|$)/im.test(text) ||
    /\bdo[ \t]+@?netsh(?:\.exe)?[ \t]/i.test(text)
  )
}
