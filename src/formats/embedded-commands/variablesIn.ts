/** Ways of languages to put a value into a text; an id in braces is none. */
const forms =
  /\$\{[^{}\n]{1,80}\}|\$\([^()\n]{1,80}\)|\$\(\$[^()\n]{1,80}\)|\$[a-z_][\w:.]{0,80}|\{\{[^{}\n]{1,80}\}\}|\{[a-z_]?[\w.[\]!:]{0,60}\}|%[a-z_]\w{0,60}%|%%~?[a-z]\b|%[sdr](?!\w)|%\([a-z_]\w{0,60}\)[sd]|<[a-z][\w .-]{0,60}>/gi

/** At most this many are told of a line. */
const most = 20

/** What in a line stands for something else; each as it is written. */
export function variablesIn(text: string): string[] {
  const found = new Set<string>()
  for (const match of text.matchAll(forms)) {
    found.add(match[0])
    if (found.size >= most) break
  }
  return [...found]
}
