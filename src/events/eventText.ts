import { type EventDefinition, eventDefinition, parameterString } from './catalogue.ts'

/** Whose words: those of Windows 7 and later (IPsec Policy Agent), or of Vista and Server 2008 (PAStore Engine). */
export type EventWording = 'policy-agent' | 'pastore'

/**
 * The message of an event as Windows renders it, with `\n` for line breaks.
 *
 * eventText(5460, ['Servers'])
 * // → 'IPsec Policy Agent applied local registry storage IPsec policy on the computer.\n\nPolicy:\t\tServers'
 */
export function eventText(
  id: number,
  fields: readonly string[],
  wording: EventWording = 'policy-agent',
  version?: number,
): string {
  const definition = eventDefinition(id, version)
  if (definition === undefined) return unknownEventText(id, fields)
  return formatMessage(templateOf(definition, wording), fields)
}

/** The template of a message in the given wording; the newer one where there is no older. */
function templateOf(definition: EventDefinition, wording: EventWording): string {
  return wording === 'pastore' ? (definition.pastoreText ?? definition.text) : definition.text
}

// %%1234 | %1 or %12, perhaps with !format! | % and any character
const escapes = /%%(\d+)|%([1-9]\d?)(?:![^!%]*!)?|%([\s\S])/g

/** A message template with its fields put in (evtx-and-xml.md 1.5). */
export function formatMessage(template: string, fields: readonly string[]): string {
  const end = endOfText(template)
  const text = template.slice(0, end).replace(escapes, (whole, parameter, field, character) => {
    if (parameter !== undefined) return parameterString(parameter) ?? whole.slice(1)
    if (field !== undefined) {
      const value = fields[Number(field) - 1]
      return value === undefined ? whole : expandParameters(value)
    }
    if (character === 'n') return '\n'
    if (character === 't') return '\t'
    return character
  })
  let length = text.length
  while (length > 0 && (text[length - 1] === '\n' || text[length - 1] === '\r')) length -= 1
  return text.slice(0, length)
}

/** `%0` ends the text. */
function endOfText(template: string): number {
  for (let at = template.indexOf('%'); at >= 0; at = template.indexOf('%', at + 2)) {
    if (template[at + 1] === '0') return at
  }
  return template.length
}

/** A value with each `%%number` of the parameter file replaced by its text; others stay. */
function expandParameters(value: string): string {
  return value.replaceAll(/%%(\d+)/g, (whole, number) => parameterString(number) ?? whole)
}

function unknownEventText(id: number, fields: readonly string[]): string {
  const values = fields.length === 0 ? '' : ` Its fields are:\n\n${fields.join('\n')}`
  return `The text of event ${id} is not known.${values}`
}
