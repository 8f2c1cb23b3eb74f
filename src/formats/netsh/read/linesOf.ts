/** Lines of a text without their ends. */
export function* linesOf(text: string): Iterable<string> {
  let from = 0
  while (from <= text.length) {
    const end = text.indexOf('\n', from)
    const stop = end < 0 ? text.length : end
    yield stop > from && text.charCodeAt(stop - 1) === 0x0d ? text.slice(from, stop - 1) : text.slice(from, stop)
    if (end < 0) return
    from = end + 1
  }
}
