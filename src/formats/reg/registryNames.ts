/** Root keys by the names people write for them; the value is the one regedit writes. */
const rootNames: ReadonlyMap<string, string> = new Map([
  ['hkey_local_machine', 'HKEY_LOCAL_MACHINE'],
  ['hkey_current_user', 'HKEY_CURRENT_USER'],
  ['hkey_classes_root', 'HKEY_CLASSES_ROOT'],
  ['hkey_users', 'HKEY_USERS'],
  ['hkey_current_config', 'HKEY_CURRENT_CONFIG'],
  ['hkey_performance_data', 'HKEY_PERFORMANCE_DATA'],
  ['hkey_dyn_data', 'HKEY_DYN_DATA'],
  ['hklm', 'HKEY_LOCAL_MACHINE'],
  ['hkcu', 'HKEY_CURRENT_USER'],
  ['hkcr', 'HKEY_CLASSES_ROOT'],
  ['hku', 'HKEY_USERS'],
  ['hkcc', 'HKEY_CURRENT_CONFIG'],
])

/** `HKLM` → `HKEY_LOCAL_MACHINE`; `undefined` when the name is no root key. */
export function fullRootName(name: string): string | undefined {
  return rootNames.get(name.trim().toLowerCase())
}

/** Windows keeps names of keys to 255 characters, of values to 16,383, and 512 levels of keys. */
const longestKeyName = 255
export const longestValueName = 16_383
const deepestKey = 512

export type PathReading =
  | { readonly kind: 'path'; readonly names: readonly string[]; readonly notice?: 'unknown-root' | 'empty-names' }
  | { readonly kind: 'bad'; readonly what: string }

/**
 * Splits a key path as .reg text and reg.exe have it. The first name is a root key, expanded; a path that begins with `\`
 * is one below a hive's own root, as hivexregedit writes it. Takes time in proportion to the text, however deep it goes.
 */
export function readKeyPath(text: string): PathReading {
  const names: string[] = []
  let isFirst = true
  let emptyNames = 0
  let start = 0
  const end = text.endsWith('\\') ? text.length - 1 : text.length
  while (start <= end) {
    const stop = text.indexOf('\\', start)
    const next = stop < 0 || stop > end ? end : stop
    if (next > start) {
      if (next - start > longestKeyName) return { kind: 'bad', what: `a name in it has ${next - start} characters` }
      if (names.length > deepestKey) return { kind: 'bad', what: `it has more than ${deepestKey} levels` }
      names.push(text.slice(start, next))
    } else if (!isFirst && next < end) emptyNames += 1
    isFirst = false
    start = next + 1
  }
  if (text.startsWith('\\')) return withNotice(names, emptyNames > 0 ? 'empty-names' : undefined)
  const [first, ...rest] = names
  if (first === undefined) return { kind: 'bad', what: 'it is empty' }
  const root = fullRootName(first)
  if (root === undefined) return withNotice(names, 'unknown-root')
  return withNotice([root, ...rest], emptyNames > 0 ? 'empty-names' : undefined)
}

function withNotice(names: readonly string[], notice: 'unknown-root' | 'empty-names' | undefined): PathReading {
  return { kind: 'path', names, ...(notice === undefined ? {} : { notice }) }
}
