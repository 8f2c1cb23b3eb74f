import { toBase64 } from '../../base/base64.ts'
import { equalBytes } from '../../base/bytes.ts'
import { LongText, OneLine, type Plain, type PlainMap } from './plainTree.ts'
import type {
  KeyProperties,
  StoredAttribute,
  StoredDifference,
  StoredEntry,
  StoredKey,
  StoredPart,
  StoredValue,
} from './storedPart.ts'
import { registryTypeNames } from './storedShape.ts'
import { fileTimeWord, secondsWord } from './timeWords.ts'

const nameOfType = new Map([...registryTypeNames].map(([name, type]) => [type, name]))

export function renderStored(stored: StoredPart): PlainMap {
  return {
    keyPath: stored.keyPath && new OneLine(stored.keyPath),
    rootPath: stored.rootPath && new OneLine(stored.rootPath),
    references: stored.references,
    guids: stored.guids,
    ids: stored.ids,
    changed: typeof stored.changed === 'number' ? secondsWord(stored.changed) : stored.changed,
    key: stored.key && renderProperties(stored.key),
    objectKeys: stored.objectKeys && renderProperties(stored.objectKeys),
    area: stored.area && renderDifference(stored.area),
    otherKeys: stored.otherKeys?.map(renderKey),
    surroundings: stored.surroundings && renderKey(stored.surroundings),
    gpoAssignments: stored.gpoAssignments?.map(({ dn, attributes, references }) => ({
      dn,
      attributes: renderAttributes(attributes),
      references: [...references],
    })),
    objects: stored.objects?.map(renderEntry),
  }
}

function renderDifference(difference: StoredDifference): PlainMap {
  return {
    of: difference.of,
    values: difference.values?.map(renderValue),
    absent: difference.absent && new OneLine(difference.absent),
  }
}

function renderEntry(entry: StoredEntry): PlainMap {
  return {
    object: entry.object,
    of: entry.of,
    data: entry.data && bytesText(entry.data),
    filterIds: entry.filterIds && bytesText(entry.filterIds),
    changed: entry.changed === undefined ? undefined : secondsWord(entry.changed),
    values: entry.values?.map(renderValue),
    absent: entry.absent && new OneLine(entry.absent),
    keys: entry.keys?.map(renderKey),
    key: entry.key && renderProperties(entry.key),
    dn: entry.dn,
    attributes: renderAttributes(entry.attributes),
  }
}

function renderValue(value: StoredValue): Plain {
  const type = nameOfType.get(value.type) ?? value.type
  if (value.texts !== undefined) return { name: value.name, type, texts: [...value.texts] }
  if (value.data !== undefined) return { name: value.name, type, data: bytesText(value.data) }
  return new OneLine({ name: value.name, type, text: value.text, number: value.number })
}

function renderKey(key: StoredKey): PlainMap {
  return {
    name: key.name,
    values: key.values?.map(renderValue),
    keys: key.keys?.map(renderKey),
    key: key.key && renderProperties(key.key),
  }
}

function renderProperties(properties: KeyProperties): Plain {
  const { written, class: className, security, flags } = properties
  return {
    written: typeof written === 'bigint' ? fileTimeWord(written) : written,
    class: className instanceof Uint8Array ? bytesText(className) : className,
    security: security instanceof Uint8Array ? bytesText(security) : security,
    flags,
  }
}

function renderAttributes(attributes: readonly StoredAttribute[] | undefined): Plain | undefined {
  if (attributes === undefined || attributes.length === 0) return undefined
  return attributes.map(({ name, values }) => new OneLine({ name, values: values.map(attributeText) }))
}

function bytesText(bytes: Uint8Array): LongText {
  return new LongText(toBase64(bytes))
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

/** As text when it is exactly that, else base64. */
function attributeText(bytes: Uint8Array): string {
  const text = decoder.decode(bytes)
  const isPlain = !text.startsWith('base64:') && !text.includes('\0') && equalBytes(encoder.encode(text), bytes)
  return isPlain ? text : `base64:${toBase64(bytes)}`
}
