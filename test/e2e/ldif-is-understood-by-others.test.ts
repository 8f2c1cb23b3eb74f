import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { directoryStoresOf, ldifOfStores, readLdif } from '../../src/formats/ldif/index.ts'
import { convertArea, policySetOf } from '../../src/formats/object-store/index.ts'
import type { ObjectStore } from '../../src/policy/storedObject.ts'
import { sampleStore } from '../support/samplePolicies.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'polagent-ldif-peers-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

const containerDn = 'CN=IP Security,CN=System,DC=lab,DC=example'

function newStore(): ObjectStore {
  return convertArea(sampleStore(), { area: 'directory', containerDn }, () => undefined)
}

function file(name: string, bytes: Uint8Array): string {
  const path = join(directory, name)
  writeFileSync(path, bytes)
  return path
}

function exported(database: string): Uint8Array {
  return execFileSync('ldbsearch', ['-H', database, '(objectClass=*)'], { stdio: ['ignore', 'pipe', 'pipe'] })
}

function storeOf(ldif: Uint8Array): ObjectStore {
  const reading = readLdif(ldif)
  expect(reading.findings).toEqual([])
  const stores = directoryStoresOf(reading.entries, (finding) => expect.unreachable(finding.message))
  expect(stores).toHaveLength(1)
  return stores[0] as ObjectStore
}

/** Objects with their values by name, in order of name; a database has no other. */
function comparable(store: ObjectStore): unknown {
  const objects = store.objects.map(({ key, values }) => {
    const kept = values.filter(({ name }) => name !== 'whenChanged' && name !== 'name')
    return [key, Object.fromEntries(kept.map(({ name, type, data }) => [name, [type, ...data]]))] as const
  })
  return Object.fromEntries(objects)
}

test('ldbmodify takes new objects, and what ldbsearch exports is the same policy', () => {
  const database = `tdb://${join(directory, 'new.ldb')}`
  execFileSync('ldbmodify', ['-H', database, file('new.ldif', ldifOfStores([newStore()]))])
  const store = storeOf(exported(database))
  expect(comparable(store)).toEqual(comparable(newStore()))
  const policies = policySetOf({ source: 'ldb', format: 'ldif', stores: [store] }).areas[0]?.policies
  expect(policies?.map(({ name, problems }) => [name, problems])).toEqual([['Sample policy', []]])
})

test('ldbadd takes what was read from an export, and exports it the same', () => {
  const first = `tdb://${join(directory, 'first.ldb')}`
  const second = `tdb://${join(directory, 'second.ldb')}`
  execFileSync('ldbmodify', ['-H', first, file('first.ldif', ldifOfStores([newStore()]))])
  const text = new TextDecoder().decode(ldifOfStores([storeOf(exported(first))]))
  // A database of no schema gives every entry a distinguishedName of its own.
  const withoutOwn = text.replaceAll(/^distinguishedName:.*\n(?: .*\n)*/gm, '')
  execFileSync('ldbadd', ['-H', second, file('second.ldif', new TextEncoder().encode(withoutOwn))])
  expect(comparable(storeOf(exported(second)))).toEqual(comparable(storeOf(exported(first))))
})

test('ldapmodify and ldapadd parse it', () => {
  const changes = file('parse.ldif', ldifOfStores([newStore()]))
  const run = execFileSync('ldapmodify', ['-n', '-v', '-f', changes], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  expect(run.match(/^!?adding new entry/gm)).toHaveLength(newStore().objects.length)
  expect(run.match(/^!?modifying entry/gm)?.length).toBeGreaterThan(0)
})
