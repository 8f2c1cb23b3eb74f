/**
 * Words of a command line as one line of netsh: what a shell has taken apart gets its quotation marks back.
 *
 * lineOfWords(['add', 'filterlist', 'name=Block All']) // → 'add filterlist name="Block All"'
 */
export function lineOfWords(words: readonly string[]): string {
  return words.map(quotedWord).join(' ')
}

function quotedWord(word: string): string {
  const needsQuotes = word === '' || /\s/.test(word)
  if (!needsQuotes || word.includes('"')) return word
  const tagged = /^([^\s=]+=)(.*)$/s.exec(word)
  return tagged === null ? `"${word}"` : `${tagged[1]}"${tagged[2]}"`
}
