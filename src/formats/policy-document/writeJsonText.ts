import { FilterLines, LongText, OneLine, type Plain } from './plainTree.ts'

/** Indented JSON with a line break at the end. */
export function writeJsonText(tree: Plain): string {
  const parts: string[] = []
  writeJson(tree, '', parts)
  parts.push('\n')
  return parts.join('')
}

function writeJson(value: Plain, indent: string, parts: string[]): void {
  if (value instanceof FilterLines) writeList(value.lines, indent, parts)
  else if (value instanceof LongText) parts.push(JSON.stringify(value.text))
  else if (value instanceof OneLine) writeJson(value.content, indent, parts)
  else if (typeof value !== 'object') parts.push(JSON.stringify(value))
  else if (isList(value)) writeList(value, indent, parts)
  else {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined)
    const inner = `${indent}  `
    for (const [index, [name, member]] of entries.entries()) {
      parts.push(index === 0 ? '{\n' : ',\n', inner, JSON.stringify(name), ': ')
      writeJson(member as Plain, inner, parts)
    }
    parts.push(entries.length === 0 ? '{}' : `\n${indent}}`)
  }
}

function writeList(items: readonly Plain[], indent: string, parts: string[]): void {
  const inner = `${indent}  `
  for (const [index, item] of items.entries()) {
    parts.push(index === 0 ? '[\n' : ',\n', inner)
    writeJson(item, inner, parts)
  }
  parts.push(items.length === 0 ? '[]' : `\n${indent}]`)
}

export function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value)
}
