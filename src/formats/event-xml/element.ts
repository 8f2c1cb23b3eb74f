import { escapeAttribute, escapeText } from './xmlText.ts'

/** An element with either text or elements in it, or neither. */
export interface XmlElement {
  readonly name: string
  readonly attributes?: Readonly<Record<string, string | undefined>>
  readonly content?: string | readonly XmlElement[]
}

/**
 * How elements are put down: `indented` as Event Viewer shows them, `line` as `wevtutil qe /f:xml` does, all in one line
 * with apostrophes round the values of attributes.
 */
export type XmlLayout = 'indented' | 'line'

export function writeElement(element: XmlElement, layout: XmlLayout, depth = 0): string {
  const indent = layout === 'indented' ? '  '.repeat(depth) : ''
  const end = layout === 'indented' ? '\n' : ''
  const { name, content } = element
  const start = `${indent}<${name}${attributesText(element, layout)}`
  if (content === undefined || content.length === 0) return `${start}${layout === 'indented' ? ' />' : '/>'}${end}`
  if (typeof content === 'string') return `${start}>${escapeText(content)}</${name}>${end}`
  const inner = content.map((child) => writeElement(child, layout, depth + 1)).join('')
  return `${start}>${end}${inner}${indent}</${name}>${end}`
}

function attributesText({ attributes = {} }: XmlElement, layout: XmlLayout): string {
  const quote = layout === 'indented' ? '"' : "'"
  let text = ''
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) text += ` ${name}=${quote}${escapeAttribute(value)}${quote}`
  }
  return text
}
