import type { Report } from '../../../base/finding.ts'
import { integrityFinding } from '../../../policy/integrityFinding.ts'
import { parseReference } from '../../../policy/reference.ts'
import { stringValue, textOfValue } from '../../../policy/registryValue.ts'
import type { ObjectStore } from '../../../policy/storedObject.ts'
import { activePolicyValue, isActivePolicy } from '../assignment.ts'
import type { RegistryArea } from '../keyPaths.ts'
import { type Values, withoutValue, withValue } from './editValues.ts'
import { respelled, respelledText } from './respell.ts'
import { toDirectoryObject } from './toDirectoryObject.ts'
import { toRegistryObject } from './toRegistryObject.ts'

export type AreaTarget =
  | { readonly area: RegistryArea; readonly keyPath: readonly string[] }
  | { readonly area: 'directory'; readonly containerDn: string }

/**
 * The same objects in another area: references are written as they are there, attributes that only one of registry and
 * directory has are made or left out. What is lost is reported.
 */
export function convertArea(store: ObjectStore, target: AreaTarget, report: Report): ObjectStore {
  if (target.area === 'directory') return toDirectory(store, target.containerDn, report)
  return store.area === 'directory' ? toRegistry(store, target, report) : moved(store, target, report)
}

function moved(
  store: ObjectStore,
  target: { readonly area: RegistryArea; readonly keyPath: readonly string[] },
  report: Report,
): ObjectStore {
  const { rootPath: _root, ...rest } = store
  return {
    ...rest,
    area: target.area,
    keyPath: target.keyPath,
    values: respelledAssignment(store.values, target.keyPath),
    objects: store.objects.map((object) => respelled(object, { keyPath: target.keyPath, onMalformed: noting(report) })),
  }
}

function respelledAssignment(values: Values, keyPath: readonly string[]): Values {
  return values.map((value) => {
    if (!isActivePolicy(value)) return value
    const text = textOfValue(value)
    const fresh = respelledText(text, { keyPath }) ?? text
    return fresh === text ? value : stringValue(value.name, fresh)
  })
}

function noting(report: Report): NonNullable<Parameters<typeof respelled>[1]['onMalformed']> {
  return (object, field, text) => report(integrityFinding('REFERENCE_MALFORMED', object, text, { field }))
}

function toDirectory(store: ObjectStore, containerDn: string, report: Report): ObjectStore {
  const keyPath = [containerDn]
  const objects = store.objects.map((object) => {
    const converted = respelled(object, { keyPath, onMalformed: noting(report) })
    return store.area === 'directory' ? converted : toDirectoryObject(converted, containerDn, report)
  })
  if (store.area === 'directory') return { ...store, keyPath, objects }
  const place = { object: store.keyPath.join('\\') }
  for (const value of store.values) {
    if (isActivePolicy(value)) report(integrityFinding('ASSIGNMENT_LEFT_OUT', undefined, textOfValue(value), place))
    else if (value.data.length > 2) report(integrityFinding('LEFT_OUT', undefined, `value "${value.name}"`, place))
  }
  for (const key of [...store.otherKeys, ...(store.surroundings?.subkeys ?? [])]) {
    report(integrityFinding('LEFT_OUT', undefined, `key "${key.name}"`, place))
  }
  return { area: 'directory', keyPath, values: [], objects, otherKeys: [] }
}

function toRegistry(
  store: ObjectStore,
  target: { readonly area: RegistryArea; readonly keyPath: readonly string[] },
  report: Report,
): ObjectStore {
  const { keyPath } = target
  const lost = new Set<string>()
  const objects = store.objects.map((object) =>
    toRegistryObject(respelled(object, { keyPath, onMalformed: noting(report) }), report, (name) => lost.add(name)),
  )
  const place = { object: store.keyPath.join('\\') }
  if (lost.size > 0) {
    report(integrityFinding('LEFT_OUT', undefined, `directory attributes ${[...lost].join(', ')}`, place))
  }
  const { gpoAssignments: _gpos, ...rest } = store
  const values = assignmentFromGpos(store, keyPath, report)
  return { ...rest, area: target.area, keyPath, values, objects }
}

/** One policy assigned by whatever GPOs becomes the active one; of several nobody can tell which would apply. */
function assignmentFromGpos(store: ObjectStore, keyPath: readonly string[], report: Report): Values {
  const texts = (store.gpoAssignments ?? []).flatMap((assignment) => assignment.references.slice(0, 1))
  const [first, ...others] = new Map(texts.map((text) => [parseReference(text)?.id ?? text, text])).values()
  if (first === undefined) return store.values
  const place = { object: store.keyPath.join('\\') }
  const text = respelledText(first, { keyPath })
  if (others.length > 0 || text === undefined) {
    report(integrityFinding('ASSIGNMENT_LEFT_OUT', undefined, [first, ...others].join('; '), place))
    return store.values
  }
  report(integrityFinding('ASSIGNMENT_BY_GPO', undefined, first, place))
  return withValue(withoutValue(store.values, activePolicyValue), stringValue(activePolicyValue, text))
}
