import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../../src/base/bytes.ts'
import { PolagentError } from '../../../src/base/errors.ts'
import { Secret } from '../../../src/base/secret.ts'
import {
  authorFilterAction,
  authorFilterList,
  authorMainMode,
  authorPolicy,
  authorRule,
  emptyStore,
  type FilterActionDraft,
  filterActionDraftOf,
  filterListDraftOf,
  mainModeDraftOf,
  policyDraftOf,
  ruleDraftOf,
} from '../../../src/formats/object-store/index.ts'
import { isVersion1 } from '../../../src/formats/object-store/author/filterRecords.ts'
import { readFilterAction } from '../../../src/formats/object-store/readFilterAction.ts'
import { readFilterList } from '../../../src/formats/object-store/readFilterList.ts'
import { readMainMode } from '../../../src/formats/object-store/readMainMode.ts'
import type { Finding } from '../../../src/base/finding.ts'
import { attributeBytes, attributeReferences, attributeText } from '../../../src/policy/attributes.ts'
import type { Filter } from '../../../src/policy/filter.ts'
import { ipv4, ipv6, maxIpv4 } from '../../../src/policy/ip.ts'
import type { StoredObject } from '../../../src/policy/storedObject.ts'
import * as drafts from '../../support/draftArbitraries.ts'
import { blobVectors } from '../../support/policyVectors.ts'
import { countedContext, numberedId, setOf, webFilter } from '../../support/sampleStore.ts'

const context = countedContext()

/** Reads with every error kept, so that none is overlooked. */
function reading<T>(read: (report: (finding: Finding) => void) => T): T {
  const errors: Finding[] = []
  const value = read((finding) => {
    if (finding.severity === 'error') errors.push(finding)
  })
  expect(errors).toEqual([])
  return value
}

function onlyObject(...objects: StoredObject[]) {
  const area = setOf({ ...emptyStore('local'), objects }).areas[0]
  if (area === undefined) throw new Error('no area')
  return area
}

describe('the meaning of an authored object is the draft', () => {
  it('policy', () => {
    fc.assert(
      fc.property(drafts.policyDraft, (draft) => {
        const policy = onlyObject(authorPolicy(draft, context)).policies[0]
        expect(policy && policyDraftOf(policy)).toEqual(draft)
      }),
    )
  })

  it('main mode settings', () => {
    fc.assert(
      fc.property(drafts.mainModeDraft, (draft) => {
        const findings: Finding[] = []
        const { mainMode } = readMainMode(authorMainMode(draft, context), (finding) => findings.push(finding))
        expect(mainMode && mainModeDraftOf(mainMode, draft.policyId)).toEqual(draft)
        expect(findings.map((finding) => finding.code)).toEqual(draft.offers.length === 0 ? ['MAIN_MODE_NO_OFFER'] : [])
      }),
    )
  })

  it('rule', () => {
    fc.assert(
      fc.property(drafts.ruleDraft, (draft) => {
        const policy = authorPolicy(
          { id: draft.policyId, name: 'P', pollingIntervalSeconds: 1, mainModeId: draft.id, ruleIds: [draft.id] },
          context,
        )
        const rule = onlyObject(policy, authorRule(draft, context)).policies[0]?.rules[0]
        const again = rule && ruleDraftOf(rule, draft.policyId)
        expect(again).toEqual(draft)
        // Secrets compare as objects; their text is compared here.
        expect(again?.authentication.map(keyOf)).toEqual(draft.authentication.map(keyOf))
      }),
    )
  })

  it('filter action', () => {
    fc.assert(
      fc.property(drafts.filterActionDraft, (draft) => {
        const { action } = reading((report) => readFilterAction(authorFilterAction(draft, context), report))
        expect(action && filterActionDraftOf(action)).toEqual(draft)
      }),
    )
  })

  it('filter list, version 1 records first', () => {
    fc.assert(
      fc.property(drafts.filterListDraft, (draft) => {
        if (draft.filters.some((filter) => filter.legacyTunnel !== undefined && !isVersion1(filter))) return
        const list = reading((report) => readFilterList(authorFilterList(draft, context), report))
        const first = draft.filters.filter(isVersion1)
        const later = draft.filters.filter((filter) => !isVersion1(filter))
        expect(filterListDraftOf(list)).toEqual({ ...draft, filters: [...first, ...later] })
      }),
    )
  })
})

function keyOf(method: { readonly kind: string; readonly key?: Secret }): string | undefined {
  return method.key?.reveal()
}

function vectorHex(id: string): string {
  return toHex(blobVectors.find((vector) => vector.id === id)?.bytes ?? new Uint8Array())
}

function dataOf(object: StoredObject): string {
  return toHex(attributeBytes(object, 'ipsecData') ?? new Uint8Array())
}

describe('the bytes are those Windows writes', () => {
  const id = numberedId(1)

  it('policy', () => {
    const draft = { id, name: 'P', pollingIntervalSeconds: 10_800, mainModeId: id, ruleIds: [] }
    expect(dataOf(authorPolicy(draft, context))).toBe(vectorHex('policy-01'))
  })

  it('rule with Kerberos and the tail', () => {
    const draft = {
      id,
      policyId: id,
      isActive: true,
      filterListIds: [id],
      filterActionId: id,
      authentication: [{ kind: 'kerberos' as const }],
      isTunnel: false,
      connectionType: 'all' as const,
    }
    expect(dataOf(authorRule(draft, context))).toBe(vectorHex('nfa-02'))
    const secret = { ...draft, authentication: [{ kind: 'preshared-key' as const, key: new Secret('Open-Sesame') }] }
    expect(dataOf(authorRule(secret, context))).toBe(vectorHex('nfa-05'))
  })

  it('block, and negotiate with the marker for fall-back last', () => {
    const base = { id, isDefaultResponse: false, ownerRuleIds: [] }
    expect(dataOf(authorFilterAction({ ...base, action: 'block' }, context))).toBe(vectorHex('negpol-01'))
    const soft: FilterActionDraft = {
      ...base,
      action: 'negotiate',
      offers: [
        {
          algorithms: [{ protocol: 'esp', cipher: '3des', integrity: 'sha1' }],
          lifetimeSeconds: 0,
          lifetimeKilobytes: 0,
          perfectForwardSecrecy: false,
        },
      ],
      acceptUnsecuredInbound: false,
      fallBackToClear: true,
    }
    expect(dataOf(authorFilterAction(soft, context))).toBe(vectorHex('negpol-07'))
  })

  it('main mode with group 14 by Random-Function 4 and Oakley-Group 2', () => {
    const offer = {
      encryption: '3des' as const,
      integrity: 'sha1' as const,
      group: 'group2' as const,
      lifetimeSeconds: 28_800,
      lifetimeKilobytes: 0,
      quickModeLimit: 0,
      perfectForwardSecrecy: false,
    }
    const vector = blobVectors.find((candidate) => candidate.id === 'isakmp-03')
    const draft = {
      id: vector?.decoded['instance'] as never,
      policyId: id,
      perfectForwardSecrecy: false,
      certificateMapping: false,
      noCertificateRequest: false,
      quickModeLimit: 0,
      lifetimeSeconds: 28_800,
      offers: [offer, { ...offer, group: 'group14' as const }],
    }
    expect(dataOf(authorMainMode(draft, context))).toBe(vectorHex('isakmp-03'))
  })

  it('values in the order of Windows 10, references with IPSEC in capitals', () => {
    const draft = { id, policyId: numberedId(2), isActive: true, isTunnel: false, connectionType: 'all' as const }
    const rule = authorRule(
      { ...draft, name: 'R', filterListIds: [numberedId(3)], filterActionId: numberedId(4), authentication: [] },
      context,
    )
    expect(rule.values.map((value) => `${value.name}:${value.type}`)).toEqual([
      'className:1',
      'name:1',
      'ipsecName:1',
      'ipsecID:1',
      'ipsecDataType:4',
      'ipsecData:3',
      'ipsecNegotiationPolicyReference:1',
      'ipsecFilterReference:7',
      'whenChanged:4',
      'ipsecOwnersReference:7',
    ])
    expect(attributeReferences(rule, 'ipsecFilterReference')).toEqual([
      `SOFTWARE\\Policies\\Microsoft\\Windows\\IPSEC\\Policy\\Local\\ipsecFilter${numberedId(3)}`,
    ])
    expect(attributeText(rule, 'name')).toBe(`ipsecNFA${id}`)
  })
})

function authored(filter: Filter): StoredObject {
  return authorFilterList({ id: numberedId(1), filters: [filter], ownerRuleIds: [] }, context)
}

function filtersOf(filter: Filter): readonly Filter[] {
  return readFilterList(authored(filter), () => undefined).filters
}

function refused(filter: Filter): void {
  expect(() => authored(filter)).toThrow(PolagentError)
}

describe('filters whose bytes would mean something else', () => {
  it('the host 0.0.0.0 does not become "me"', () => {
    const filter: Filter = { ...webFilter, destination: { kind: 'host', address: ipv4(0) } }
    expect(filtersOf(filter)).toEqual([filter])
  })

  it('port 0 does not become any port', () => {
    const filter: Filter = { ...webFilter, destinationPort: { kind: 'single', port: 0 } }
    expect(filtersOf(filter)).toEqual([filter])
  })

  it('"me" with a display name does not become that name', () => {
    const filter: Filter = { ...webFilter, destinationName: 'server1' }
    expect(filtersOf(filter)).toEqual([filter])
  })

  it('a subnet of one address reads back as that host, one of no bits as any', () => {
    const host: Filter = { ...webFilter, source: { kind: 'subnet', address: ipv4(7), mask: ipv4(maxIpv4) } }
    expect(filtersOf(host)).toEqual([{ ...webFilter, source: { kind: 'host', address: ipv4(7) } }])
    const any: Filter = { ...webFilter, source: { kind: 'subnet', address: ipv4(7), mask: ipv4(0) } }
    expect(filtersOf(any)).toEqual([{ ...webFilter, source: { kind: 'any', families: 'ipv4' } }])
  })

  it('any address of both families becomes one filter for each', () => {
    const filter: Filter = {
      ...webFilter,
      source: { kind: 'any', families: 'both' },
      destination: { kind: 'me', families: 'both' },
    }
    const found = filtersOf(filter)
    expect(found).toHaveLength(2)
    expect(found[0]).toEqual(webFilter)
    expect(found[1]).toMatchObject({
      source: { kind: 'any', families: 'ipv6' },
      destination: { kind: 'me', families: 'ipv6' },
    })
    expect(found[1]?.id).not.toBe(webFilter.id)
  })

  it('any address of both families beside one IPv6 host becomes one filter', () => {
    const destination = { kind: 'host' as const, address: ipv6(1n) }
    const found = filtersOf({ ...webFilter, source: { kind: 'any', families: 'both' }, destination })
    expect(found).toEqual([{ ...webFilter, source: { kind: 'any', families: 'ipv6' }, destination }])
  })
})

describe('what cannot be stored is refused', () => {
  it('a filter', () => {
    refused({ ...webFilter, protocol: 256 })
    refused({ ...webFilter, description: 'a\0b' })
    refused({ ...webFilter, destinationPort: { kind: 'range', first: 2, last: 1 } })
    refused({ ...webFilter, source: { kind: 'range', first: ipv4(2), last: ipv4(1) } })
    refused({ ...webFilter, source: { kind: 'range', first: ipv4(2), last: ipv6(3n) } })
    refused({ ...webFilter, source: { kind: 'subnet', address: ipv6(1n), mask: ipv6(5n) } })
    refused({ ...webFilter, destinationPort: { kind: 'single', port: 70_000 } })
    refused({ ...webFilter, sourcePort: { kind: 'range', first: 1, last: 2 }, legacyTunnel: ipv4(1) })
  })

  it('an offer without algorithms, which would mean fall-back to clear', () => {
    const draft: FilterActionDraft = {
      id: numberedId(1),
      isDefaultResponse: false,
      ownerRuleIds: [],
      action: 'negotiate',
      offers: [{ algorithms: [], lifetimeSeconds: 0, lifetimeKilobytes: 0, perfectForwardSecrecy: false }],
      acceptUnsecuredInbound: false,
      fallBackToClear: false,
    }
    expect(() => authorFilterAction(draft, context)).toThrow(/one to three/)
  })

  it('a tunnel endpoint of a rule that is no tunnel', () => {
    const draft = { id: numberedId(1), policyId: numberedId(2), isActive: true, isTunnel: false }
    const rest = {
      filterListIds: [],
      filterActionId: numberedId(3),
      authentication: [],
      connectionType: 'all' as const,
    }
    expect(() => authorRule({ ...draft, ...rest, tunnelEndpoint: ipv4(1) }, context)).toThrow(PolagentError)
  })
})
