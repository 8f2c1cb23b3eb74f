import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readHostFile } from '../../src/cli/hostFile.ts'
import { formatIp } from '../../src/policy/ip.ts'
import { type Schema, schemaFaults } from '../support/jsonSchema.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'polagent-host-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

function hostFile(text: string): string {
  const path = join(directory, 'host.json')
  writeFileSync(path, text)
  return path
}

const whole = {
  version: 1,
  addresses: ['192.0.2.10', '2001:db8::a'],
  dnsServers: ['192.0.2.53'],
  gateways: ['192.0.2.1'],
  names: { 'WWW.Example.com': ['192.0.2.80'] },
  connectionTypes: ['lan'],
}

test('everything a host file may say', () => {
  const facts = readHostFile(hostFile(JSON.stringify(whole)))
  expect(facts.addresses.map(formatIp)).toEqual(['192.0.2.10', '2001:db8::a'])
  expect(facts.servers['dns-servers'].map(formatIp)).toEqual(['192.0.2.53'])
  expect(facts.servers.gateway.map(formatIp)).toEqual(['192.0.2.1'])
  expect(facts.servers.dhcp).toEqual([])
  expect(facts.names.get('www.example.com')?.map(formatIp)).toEqual(['192.0.2.80'])
  expect(facts.connectionTypes).toEqual(['lan'])
  const schema = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../docs/schema/host.schema.json'), 'utf8'),
  ) as Schema
  expect(schemaFaults(whole, schema)).toEqual([])
})

test.each([
  ['', 'it is no JSON'],
  ['[]', 'it is no JSON object'],
  ['{}', '"addresses" is missing'],
  ['{"addresses": "192.0.2.1"}', '"addresses" is no list'],
  ['{"addresses": ["192.0.2.256"]}', 'no IP address'],
  ['{"addresses": [], "adresses": []}', '"adresses" is not known'],
  ['{"addresses": [], "version": 2}', '"version" is not 1'],
  ['{"addresses": [], "names": {"a": [7]}}', '"names.a" has 7'],
  ['{"addresses": [], "connectionTypes": ["wlan"]}', '"connectionTypes"'],
])('%s is refused', (text, what) => {
  const path = hostFile(text)
  expect(() => readHostFile(path)).toThrow(
    expect.objectContaining({ code: 'HOST_FILE_WRONG', what: expect.stringContaining(what), place: { file: path } }),
  )
})
