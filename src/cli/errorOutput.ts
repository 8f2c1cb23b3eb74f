import { type ErrorExplanation, type ErrorGuidance, eventText, hresultOfWin32 } from '../events/index.ts'

/** Version of the JSON document of `helpmsg`; docs/schema/helpmsg.schema.json. */
const errorDocumentVersion = 1

/** What a number or name means, as the value of `--json`. */
export function errorDocument(query: string, meanings: readonly ErrorExplanation[]): Readonly<Record<string, unknown>> {
  return { version: errorDocumentVersion, query, meanings: meanings.map(meaningDocument) }
}

function meaningDocument(meaning: ErrorExplanation): Readonly<Record<string, unknown>> {
  switch (meaning.kind) {
    case 'win32': {
      const { error, hresult } = meaning
      return {
        kind: 'win32',
        name: error.name ?? null,
        code: error.code,
        hex: hex(error.code),
        hresult: hex(hresult),
        hresultDecimal: signed(hresult),
        aliases: [...error.aliases, ...meaning.hresultNames],
        text: error.text ?? null,
        family: meaning.family ?? null,
        ...guidanceDocument(meaning.guidance),
      }
    }
    case 'hresult': {
      const { value, name, text } = meaning.error
      return { kind: 'hresult', name, hresult: hex(value), hresultDecimal: signed(value), text }
    }
    case 'ldap': {
      const [name = '', ...aliases] = meaning.error.names
      return {
        kind: 'ldap',
        name,
        code: meaning.error.code,
        aliases,
        win32: meaning.win32?.code ?? null,
        win32Name: meaning.win32?.name ?? null,
        text: meaning.win32?.text ?? null,
        ...guidanceDocument(meaning.guidance),
      }
    }
    case 'event': {
      const { event } = meaning
      return { kind: 'event', id: event.id, text: eventTemplateText(meaning), when: event.when ?? null }
    }
  }
}

function guidanceDocument(guidance: ErrorGuidance | undefined): Readonly<Record<string, unknown>> {
  return {
    cause: guidance?.cause ?? null,
    fix: guidance?.fix ?? [],
    check: guidance?.check ?? [],
    basis: guidance?.basis ?? null,
  }
}

/** The first meaning at length, others that a reader may have meant in short. */
export function errorText(meanings: readonly ErrorExplanation[]): string {
  const [first, ...others] = meanings
  if (first === undefined) return ''
  const also = others.map((meaning) => `  ${shortMeaning(meaning)}\n`).join('')
  return `${meaningText(first)}${also === '' ? '' : `\nIt can also mean:\n${also}`}`
}

function shortMeaning(meaning: ErrorExplanation): string {
  switch (meaning.kind) {
    case 'win32':
      return `${meaning.error.name ?? meaning.error.code}: ${meaning.error.text ?? ''}`
    case 'hresult':
      return `HRESULT ${meaning.error.name}: ${meaning.error.text}`
    case 'ldap': {
      const win32 = meaning.win32?.name === undefined ? '' : `, for Windows ${meaning.win32.name}`
      return `LDAP result ${meaning.error.names.join(', ')}${win32}`
    }
    case 'event':
      return `event ${meaning.event.id}: ${eventTemplateText(meaning)}`
  }
}

function meaningText(meaning: ErrorExplanation): string {
  switch (meaning.kind) {
    case 'win32': {
      const { error, hresult } = meaning
      const others = [...error.aliases, ...meaning.hresultNames]
      const title = `${error.name ?? 'Without a symbolic name'}${others.length === 0 ? '' : ` (also ${others.join(', ')})`}`
      const numbers = `${error.code} = ${hex(error.code)}, as HRESULT ${hex(hresult)} = ${signed(hresult)}`
      return `${title}\n${numbers}\n\n  ${error.text ?? 'Its text is not known.'}\n${guidanceText(meaning.guidance)}`
    }
    case 'hresult': {
      const { value, name, text } = meaning.error
      return `${name}\nHRESULT ${hex(value)} = ${signed(value)}\n\n  ${text}\n`
    }
    case 'ldap': {
      const { error, win32 } = meaning
      const mapped =
        win32 === undefined
          ? 'Windows has no code for it.'
          : `Windows makes ${win32.code} (${hex(hresultOfWin32(win32.code))}) of it: ${win32.name ?? ''}. ${win32.text ?? ''}`
      return `${error.names.join(', ')}\nLDAP result ${error.code}\n\n  ${mapped}\n${guidanceText(meaning.guidance)}`
    }
    case 'event': {
      const { event } = meaning
      const parts = [
        ['When', event.when],
        ['Cause', event.causes],
        ['Action', event.actions],
      ]
        .filter((part): part is [string, string] => part[1] !== undefined)
        .map(([label, text]) => section(label, [text]))
      return `Event ${event.id}\n\n  ${eventTemplateText(meaning)}\n${parts.length === 0 ? '' : `\n${parts.join('')}`}`
    }
  }
}

/** The message with `%1` where a field would be, in one line. */
function eventTemplateText({ event }: Extract<ErrorExplanation, { kind: 'event' }>): string {
  return eventText(event.id, []).split('\n')[0] ?? ''
}

function guidanceText(guidance: ErrorGuidance | undefined): string {
  if (guidance === undefined) return ''
  return `\n${section('Cause', [guidance.cause])}${section('Fix', guidance.fix)}${section('Check', guidance.check)}`
}

const labelWidth = 8
const lineWidth = 100

/** A label, and its items indented and wrapped beside it. */
function section(label: string, items: readonly string[]): string {
  const lines = items.flatMap((item) => wrapped(item, lineWidth - labelWidth))
  return lines.map((line, index) => `${(index === 0 ? label : '').padEnd(labelWidth)}${line}\n`).join('')
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = `  ${word}`
    } else line += line === '' ? word : ` ${word}`
  }
  return [...lines, line]
}

/** `0x000003F1` */
function hex(value: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(8, '0')}`
}

/** The same 32 bits as a signed number, as programs print them. */
function signed(value: number): number {
  return Math.trunc(value) | 0
}
