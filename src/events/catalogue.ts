import catalogue from './catalogue.json' with { type: 'json' }

/** Windows types of the fields; events of the policy agent have strings only. */
export type EventFieldType = 'UnicodeString' | 'UInt32' | 'UInt64' | 'GUID' | 'SID'

export interface EventField {
  readonly name: string
  readonly type: EventFieldType
}

/** Texts and guidance of an event; its header facts are in eventHeaders.ts. */
export interface EventDefinition {
  readonly id: number
  readonly version: number
  /** Known for a few events only. */
  readonly symbolicName?: string
  readonly fields: readonly EventField[]
  /** Message template of Windows 7 and later. */
  readonly text: string
  /** Message template of Windows Vista and Server 2008, where it differs. */
  readonly pastoreText?: string
  /** When the event is written, its causes, and what to do, in our words. */
  readonly when?: string
  readonly causes?: string
  readonly actions?: string
  /** Where the guidance comes from: documented, documented in part, derived. */
  readonly guidanceBasis?: string
  /** Doubts about the event being marked success or failure. */
  readonly resultNote?: string
}

let newestById: ReadonlyMap<number, EventDefinition> | undefined

/** All events, by number and version. */
export function eventDefinitions(): readonly EventDefinition[] {
  return catalogue.events as readonly EventDefinition[]
}

/** The definition of an event in the given version, or in its newest. */
export function eventDefinition(id: number, version?: number): EventDefinition | undefined {
  if (version !== undefined) {
    const exact = eventDefinitions().find((event) => event.id === id && event.version === version)
    if (exact !== undefined) return exact
  }
  // Ascending versions: the last of an id wins.
  newestById ??= new Map(eventDefinitions().map((event) => [event.id, event]))
  return newestById.get(id)
}

/** The text that `%%number` in a value or message stands for. */
export function parameterString(number: string): string | undefined {
  const strings: Readonly<Record<string, string>> = catalogue.parameterStrings
  const key = `%%${number}`
  return Object.hasOwn(strings, key) ? strings[key] : undefined
}
