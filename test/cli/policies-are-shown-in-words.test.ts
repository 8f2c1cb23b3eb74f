import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PolagentError } from '../../src/base/errors.ts'
import { durationText } from '../../src/cli/durationText.ts'
import { findPolicy } from '../../src/cli/findPolicy.ts'
import { policySetJson } from '../../src/cli/policyJson.ts'
import { policyTree } from '../../src/cli/policyTree.ts'
import { policySetOf } from '../../src/formats/object-store/index.ts'
import type { Policy } from '../../src/policy/model.ts'
import { type Schema, schemaFaults } from '../support/jsonSchema.ts'
import { sampleId, sampleKey, sampleStore } from '../support/samplePolicies.ts'

const set = policySetOf({ source: 'sample', format: 'hive', stores: [sampleStore()] })
const policy = set.areas[0]?.policies[0] as Policy

test('a policy is a tree of sentences', () => {
  expect(policyTree(policy)).toMatchInlineSnapshot(`
    "Policy "Sample policy", assigned  {5A3B1E00-0000-4000-8000-000000000001}, local store
    ├─ For tests
    ├─ Checked for changes every 1 hour 30 minutes
    ├─ Main mode: new key after 8 hours
    │  └─ 3DES SHA1, Diffie-Hellman group 2
    ├─ Rule "No SMB"  {5A3B1E00-0000-4000-8000-000000000003}
    │  ├─ Filter list "SMB": 2 filters
    │  │  ├─ from any to me, tcp to port 445, mirrored
    │  │  └─ from any to me, tcp to port 139, mirrored
    │  └─ Filter action "Block": block
    ├─ Rule "Servers"  {5A3B1E00-0000-4000-8000-000000000004}
    │  ├─ Filter list "Server network": 1 filter
    │  │  └─ from me to 10.1.0.0/16, any protocol, mirrored
    │  ├─ Filter action "Require security": negotiate (accepts unsecured inbound traffic)
    │  │  └─ ESP[3DES, SHA1], new key after 3600 seconds or 100000 KB
    │  └─ Authentication: Kerberos V5, else preshared key
    └─ Rule  {5A3B1E00-0000-4000-8000-000000000005}
       ├─ Filter list "Admin workstation": 1 filter
       │  └─ from 192.0.2.7 to me, tcp to port 445, mirrored (the one by the door)
       └─ Filter action "Permit": permit
    "
  `)
})

test('the document has the shape of its schema and the properties every program relies on', () => {
  const document = JSON.parse(JSON.stringify(policySetJson(set, [policy]))) as { policies: unknown[] }
  const schema = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../docs/schema/show.schema.json'), 'utf8'),
  ) as Schema
  expect(schemaFaults(document, schema)).toEqual([])
  expect(document.policies[0]).toMatchInlineSnapshot(`
    {
      "area": "local",
      "assigned": true,
      "description": "For tests",
      "id": "{5a3b1e00-0000-4000-8000-000000000001}",
      "mainMode": {
        "certificateMapping": false,
        "id": "{5a3b1e00-0000-4000-8000-000000000002}",
        "lifetimeSeconds": 28800,
        "noCertificateRequest": false,
        "offers": [
          {
            "encryption": "3des",
            "group": "group2",
            "integrity": "sha1",
            "lifetimeKilobytes": 0,
            "lifetimeSeconds": 28800,
            "perfectForwardSecrecy": false,
            "quickModeLimit": 0,
          },
        ],
        "perfectForwardSecrecy": false,
        "quickModeLimit": 0,
      },
      "missingRules": [],
      "name": "Sample policy",
      "pollingIntervalSeconds": 5400,
      "problems": [],
      "rules": [
        {
          "active": true,
          "authentication": [],
          "connectionType": "all",
          "defaultResponse": false,
          "description": null,
          "filterAction": {
            "action": "block",
            "description": null,
            "id": "{5a3b1e00-0000-4000-8000-000000000009}",
            "name": "Block",
            "problems": [],
          },
          "filterList": {
            "description": null,
            "filters": [
              {
                "description": null,
                "destination": "me",
                "destinationName": null,
                "destinationPort": 445,
                "id": "{5a3b1e00-0000-4000-8000-000000000014}",
                "mirrored": true,
                "protocol": "tcp",
                "protocolNumber": 6,
                "source": "any",
                "sourceName": null,
                "sourcePort": "any",
              },
              {
                "description": null,
                "destination": "me",
                "destinationName": null,
                "destinationPort": 139,
                "id": "{5a3b1e00-0000-4000-8000-000000000015}",
                "mirrored": true,
                "protocol": "tcp",
                "protocolNumber": 6,
                "source": "any",
                "sourceName": null,
                "sourcePort": "any",
              },
            ],
            "id": "{5a3b1e00-0000-4000-8000-000000000006}",
            "name": "SMB",
            "problems": [],
          },
          "id": "{5a3b1e00-0000-4000-8000-000000000003}",
          "interface": null,
          "name": "No SMB",
          "problems": [],
          "tunnel": null,
        },
        {
          "active": true,
          "authentication": [
            {
              "kind": "kerberos",
            },
            {
              "kind": "preshared-key",
            },
          ],
          "connectionType": "all",
          "defaultResponse": false,
          "description": null,
          "filterAction": {
            "acceptUnsecuredInbound": true,
            "action": "negotiate",
            "description": null,
            "fallBackToClear": false,
            "id": "{5a3b1e00-0000-4000-8000-00000000000a}",
            "name": "Require security",
            "offers": [
              {
                "algorithms": [
                  {
                    "cipher": "3des",
                    "integrity": "sha1",
                    "protocol": "esp",
                  },
                ],
                "lifetimeKilobytes": 100000,
                "lifetimeSeconds": 3600,
                "perfectForwardSecrecy": false,
              },
            ],
            "perfectForwardSecrecy": false,
            "problems": [],
          },
          "filterList": {
            "description": null,
            "filters": [
              {
                "description": null,
                "destination": "10.1.0.0/16",
                "destinationName": null,
                "destinationPort": "any",
                "id": "{5a3b1e00-0000-4000-8000-000000000016}",
                "mirrored": true,
                "protocol": "any",
                "protocolNumber": 0,
                "source": "me",
                "sourceName": null,
                "sourcePort": "any",
              },
            ],
            "id": "{5a3b1e00-0000-4000-8000-000000000007}",
            "name": "Server network",
            "problems": [],
          },
          "id": "{5a3b1e00-0000-4000-8000-000000000004}",
          "interface": null,
          "name": "Servers",
          "problems": [],
          "tunnel": null,
        },
        {
          "active": true,
          "authentication": [],
          "connectionType": "all",
          "defaultResponse": false,
          "description": null,
          "filterAction": {
            "action": "permit",
            "description": null,
            "id": "{5a3b1e00-0000-4000-8000-00000000000b}",
            "name": "Permit",
            "problems": [],
          },
          "filterList": {
            "description": null,
            "filters": [
              {
                "description": "the one by the door",
                "destination": "me",
                "destinationName": null,
                "destinationPort": 445,
                "id": "{5a3b1e00-0000-4000-8000-000000000017}",
                "mirrored": true,
                "protocol": "tcp",
                "protocolNumber": 6,
                "source": "192.0.2.7",
                "sourceName": null,
                "sourcePort": "any",
              },
            ],
            "id": "{5a3b1e00-0000-4000-8000-000000000008}",
            "name": "Admin workstation",
            "problems": [],
          },
          "id": "{5a3b1e00-0000-4000-8000-000000000005}",
          "interface": null,
          "name": null,
          "problems": [],
          "tunnel": null,
        },
      ],
      "whenChanged": 1700000000,
    }
  `)
})

test('key material is in neither', () => {
  expect(policyTree(policy)).not.toContain(sampleKey)
  expect(JSON.stringify(policySetJson(set, [policy]))).not.toContain(sampleKey)
})

test('a policy is found by name in any case, by id with or without braces', () => {
  for (const name of ['Sample policy', 'SAMPLE POLICY', sampleId(1), sampleId(1).slice(1, -1).toUpperCase()]) {
    expect(findPolicy(set, name)).toBe(policy)
  }
  expect(() => findPolicy(set, 'Simple policy')).toThrow(/there are "Sample policy"/)
})

test('two policies of one name must be told apart by id', () => {
  const store = sampleStore()
  const copy = store.objects[0]
  if (copy === undefined) throw new Error('no policy')
  const id = sampleId(99)
  const twin = { ...copy, id, key: `ipsecPolicy${id}` }
  const twins = policySetOf({
    source: 'sample',
    format: 'hive',
    stores: [{ ...store, objects: [...store.objects, twin] }],
  })
  expect(() => findPolicy(twins, 'sample policy')).toThrow(PolagentError)
  expect(findPolicy(twins, id).id).toBe(id)
})

test.each([
  [0, '0 seconds'],
  [1, '1 second'],
  [90, '1 minute 30 seconds'],
  [10_800, '3 hours'],
  [86_400 * 2 + 3600, '2 days 1 hour'],
  [100_001, '100001 seconds'],
])('%d seconds are %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text)
})
