/** What a small grammar made of a text: the value, or what is wrong and where in the text. */
export type Parsed<T> = { readonly value: T } | { readonly fault: string; readonly at: number }

export function isFault<T>(parsed: Parsed<T>): parsed is { readonly fault: string; readonly at: number } {
  return 'fault' in parsed
}
