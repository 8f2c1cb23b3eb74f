import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../../src/base/bytes.ts'
import { Secret } from '../../../src/base/secret.ts'
import {
  decodeFilterBlob,
  decodeIsakmpBlob,
  decodeNegotiationBlob,
  decodeNfaBlob,
  encodeFilterBlob,
  encodeNfaBlob,
} from '../../../src/formats/ipsec-data/index.ts'
import {
  type AuthorContext,
  authorFilterAction,
  authorFilterList,
  authorMainMode,
  authorPolicy,
  authorRule,
  filterActionDraftOf,
  filterListDraftOf,
  mainModeDraftOf,
  policyDraftOf,
  ruleDraftOf,
  updateFilterAction,
  updateFilterList,
  updateMainMode,
  updatePolicy,
  updateRule,
} from '../../../src/formats/object-store/index.ts'
import { readFilterAction } from '../../../src/formats/object-store/readFilterAction.ts'
import { readFilterList } from '../../../src/formats/object-store/readFilterList.ts'
import { readMainMode } from '../../../src/formats/object-store/readMainMode.ts'
import { attributeBytes, attributeNumber, attributeReferences } from '../../../src/policy/attributes.ts'
import type { FilterAction, FilterList, MainMode, Policy, Rule } from '../../../src/policy/model.ts'
import type { ObjectClass } from '../../../src/policy/objectClass.ts'
import { binaryValue, dwordValue, stringValue } from '../../../src/policy/registryValue.ts'
import type { ObjectStore, StoredObject } from '../../../src/policy/storedObject.ts'
import * as drafts from '../../support/draftArbitraries.ts'
import { blobVectors } from '../../support/policyVectors.ts'
import { changed, countedContext, healthyStore, ids, numberedId, pingFilter, setOf } from '../../support/sampleStore.ts'

const later: AuthorContext = { ...countedContext(0x9000), whenChanged: 1_800_000_000 }
const ignore = (): void => undefined

function policyNamed(store: ObjectStore, name: string): Policy {
  const policy = setOf(store).areas[0]?.policies.find((candidate) => candidate.name === name)
  if (policy === undefined) throw new Error(`no policy ${name}`)
  return policy
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('missing')
  return value
}

const servers = (store = healthyStore()): Policy => policyNamed(store, 'Servers')
const ruleOf = (policy: Policy, id: string): Rule => present(policy.rules.find((rule) => rule.id === id))

/** An object of the class with the bytes of a vector and a value nobody knows. */
function objectWith(objectClass: ObjectClass, data: Uint8Array, ...more: StoredObject['values']): StoredObject {
  const id = numberedId(77)
  const values = [binaryValue('ipsecData', data), ...more, stringValue('vendorNote', 'keep me')]
  return { class: objectClass, id, key: `${objectClass}${id}`, values, subkeys: [], place: {} }
}

function vectorsOf(objectClass: ObjectClass) {
  return blobVectors.filter((vector) => vector.valid && vector.class === objectClass)
}

describe('an update with what is there already returns the very object', () => {
  it('for each object of a store', () => {
    const policy = servers()
    expect(updatePolicy(policy.object, present(policyDraftOf(policy)), later)).toBe(policy.object)
    const mainMode = present(policy.mainMode)
    expect(updateMainMode(mainMode.object, mainModeDraftOf(mainMode, policy.id), later)).toBe(mainMode.object)
    for (const rule of policy.rules) {
      expect(updateRule(rule.object, present(ruleDraftOf(rule, policy.id)), later)).toBe(rule.object)
      const action = present(rule.filterAction)
      expect(updateFilterAction(action.object, filterActionDraftOf(action), later)).toBe(action.object)
      for (const list of rule.filterLists) {
        expect(updateFilterList(list.object, filterListDraftOf(list), later)).toBe(list.object)
      }
    }
  })

  it.each(vectorsOf('ipsecISAKMPPolicy').map((vector) => [vector.id, vector] as const))(
    'main mode %s',
    (_id, vector) => {
      const object = objectWith('ipsecISAKMPPolicy', vector.bytes)
      const mainMode: MainMode = present(readMainMode(object, ignore).mainMode)
      const policyId = numberedId(1)
      const owned = updateMainMode(object, mainModeDraftOf(mainMode, policyId), later)
      expect(attributeBytes(owned, 'ipsecData')).toBe(attributeBytes(object, 'ipsecData'))
      expect(updateMainMode(owned, mainModeDraftOf(mainMode, policyId), later)).toBe(owned)
    },
  )

  it.each(vectorsOf('ipsecNegotiationPolicy').map((vector) => [vector.id, vector] as const))(
    'action %s',
    (_id, vector) => {
      const kind = stringValue('ipsecNegotiationPolicyAction', '{8A171DD3-77E3-11D1-8659-A04F00000000}')
      const type = stringValue('ipsecNegotiationPolicyType', '{62f49e10-6c37-11d1-864c-14a300000000}')
      const object = objectWith('ipsecNegotiationPolicy', vector.bytes, kind, type)
      const action: FilterAction = present(readFilterAction(object, ignore).action)
      expect(updateFilterAction(object, filterActionDraftOf(action), later)).toBe(object)
    },
  )

  it.each(vectorsOf('ipsecFilter').map((vector) => [vector.id, vector] as const))('filter list %s', (_id, vector) => {
    const object = objectWith('ipsecFilter', vector.bytes)
    const list: FilterList = readFilterList(object, ignore)
    expect(updateFilterList(object, filterListDraftOf(list), later)).toBe(object)
  })

  it.each(vectorsOf('ipsecNFA').map((vector) => [vector.id, vector] as const))('rule %s', (_id, vector) => {
    const store = changed(healthyStore(), ids.webRule, (values) => [
      ...values.filter((value) => value.name !== 'ipsecData'),
      binaryValue('ipsecData', vector.bytes),
    ])
    const rule = ruleOf(servers(store), ids.webRule)
    expect(updateRule(rule.object, present(ruleDraftOf(rule, ids.policy)), later)).toBe(rule.object)
  })
})

describe('after an update the object means the draft', () => {
  it('main mode settings', () => {
    fc.assert(
      fc.property(drafts.mainModeDraft, drafts.mainModeDraft, (before, after) => {
        const object = updateMainMode(authorMainMode(before, later), { ...after, id: before.id }, later)
        const mainMode = present(readMainMode(object, ignore).mainMode)
        expect(mainModeDraftOf(mainMode, after.policyId)).toEqual({ ...after, id: before.id })
      }),
    )
  })

  it('main mode settings that had offers by New-DH or unknown ones', () => {
    const originals = vectorsOf('ipsecISAKMPPolicy').map((vector) => objectWith('ipsecISAKMPPolicy', vector.bytes))
    fc.assert(
      fc.property(fc.constantFrom(...originals), drafts.mainModeDraft, (original, after) => {
        const object = updateMainMode(original, { ...after, id: original.id }, later)
        const mainMode = present(readMainMode(object, ignore).mainMode)
        expect(mainModeDraftOf(mainMode, after.policyId)).toEqual({ ...after, id: original.id })
        expect(object.values).toContainEqual(stringValue('vendorNote', 'keep me'))
      }),
    )
  })

  it('filter action', () => {
    fc.assert(
      fc.property(drafts.filterActionDraft, drafts.filterActionDraft, (before, after) => {
        const object = updateFilterAction(authorFilterAction(before, later), { ...after, id: before.id }, later)
        const action = filterActionDraftOf(present(readFilterAction(object, ignore).action))
        expect({ ...action, ownerRuleIds: action.ownerRuleIds.toSorted() }).toEqual({
          ...after,
          id: before.id,
          ownerRuleIds: after.ownerRuleIds.toSorted(),
        })
      }),
    )
  })

  it('filter list', () => {
    fc.assert(
      fc.property(drafts.filterListDraft, drafts.filterListDraft, (before, after) => {
        const filters = after.filters.filter((filter) => filter.legacyTunnel === undefined)
        const kept = before.filters.filter((_filter, index) => index % 2 === 0)
        const draft = { ...after, id: before.id, filters: [...filters, ...kept] }
        const object = updateFilterList(authorFilterList(before, later), draft, later)
        const list = filterListDraftOf(readFilterList(object, ignore))
        expect(list.filters).toHaveLength(draft.filters.length)
        expect(list.filters).toEqual(expect.arrayContaining([...draft.filters]))
        expect(list.name).toBe(draft.name)
      }),
    )
  })

  it('rule', () => {
    fc.assert(
      fc.property(drafts.ruleDraft, drafts.ruleDraft, (before, after) => {
        const draft = { ...after, id: before.id }
        const rule = updateRule(authorRule(before, later), draft, later)
        const policy = authorPolicy(
          { id: draft.policyId, name: 'P', pollingIntervalSeconds: 1, mainModeId: draft.id, ruleIds: [draft.id] },
          later,
        )
        const store: ObjectStore = { ...healthyStore(), objects: [policy, rule] }
        const again = present(policyNamed(store, 'P').rules[0])
        expect(ruleDraftOf(again, draft.policyId)).toEqual(draft)
        expect(again.authentication.map(keyOf)).toEqual(draft.authentication.map(keyOf))
      }),
    )
  })

  it('policy', () => {
    fc.assert(
      fc.property(drafts.policyDraft, drafts.policyDraft, (before, after) => {
        const draft = { ...after, id: before.id }
        const object = updatePolicy(authorPolicy(before, later), draft, later)
        const policy = present(setOf({ ...healthyStore(), objects: [object] }).areas[0]?.policies[0])
        const again = present(policyDraftOf(policy))
        expect({ ...again, ruleIds: again.ruleIds.toSorted() }).toEqual({ ...draft, ruleIds: draft.ruleIds.toSorted() })
      }),
    )
  })
})

function keyOf(method: { readonly kind: string; readonly key?: Secret }): string | undefined {
  return method.key?.reveal()
}

describe('what is not concerned by a change stays', () => {
  it('unknown values, subkeys, key properties, the value type and order; whenChanged tells the change', () => {
    const policy = servers()
    const keyInfo = { lastWritten: 5n, flags: 0x80 }
    const subkeys = [{ name: 'Extra', values: [], subkeys: [] }]
    const values = [stringValue('vendorNote', 'keep me'), ...policy.object.values]
    const object = { ...policy.object, values, subkeys, keyInfo }
    const draft = { ...present(policyDraftOf(policy)), pollingIntervalSeconds: 600 }
    const updated = updatePolicy(object, draft, later)
    expect(updated.subkeys).toBe(subkeys)
    expect(updated.keyInfo).toBe(keyInfo)
    expect(updated.values.map((value) => value.name)).toEqual(object.values.map((value) => value.name))
    expect(updated.values.filter((value, index) => value !== object.values[index]).map((value) => value.name)).toEqual([
      'ipsecData',
      'whenChanged',
    ])
    expect(attributeNumber(updated, 'whenChanged')).toBe(1_800_000_000)
  })

  it('junk in the data of main mode settings', () => {
    const vector = present(blobVectors.find((candidate) => candidate.id === 'isakmp-09'))
    const object = objectWith('ipsecISAKMPPolicy', vector.bytes)
    const draft = mainModeDraftOf(present(readMainMode(object, ignore).mainMode), numberedId(1))
    const updated = updateMainMode(object, { ...draft, quickModeLimit: 9 }, later)
    const before = decodeIsakmpBlob(vector.bytes)
    expect(decodeIsakmpBlob(present(attributeBytes(updated, 'ipsecData')))).toEqual({ ...before, quickModeLimit: 9 })
  })

  it('junk in the offers of a filter action that stay', () => {
    const vector = present(blobVectors.find((candidate) => candidate.id === 'negpol-08'))
    const kind = stringValue('ipsecNegotiationPolicyAction', '{8a171dd3-77e3-11d1-8659-a04f00000000}')
    const object = objectWith('ipsecNegotiationPolicy', vector.bytes, kind)
    const draft = filterActionDraftOf(present(readFilterAction(object, ignore).action))
    if (draft.action !== 'negotiate') throw new Error('negotiates')
    const updated = updateFilterAction(object, { ...draft, fallBackToClear: true }, later)
    const offers = decodeNegotiationBlob(present(attributeBytes(updated, 'ipsecData'))).offers
    expect(offers[0]).toEqual(decodeNegotiationBlob(vector.bytes).offers[0])
    expect(offers[1]?.algorithms).toEqual([])
  })

  it('a section of a rule that is not known, and the bytes after it', () => {
    const vector = present(blobVectors.find((candidate) => candidate.id === 'nfa-05'))
    const known = decodeNfaBlob(vector.bytes)
    const rest = concatBytes([new Uint8Array(16).fill(0xab), new Uint8Array(9).fill(0xcd)])
    const bytes = encodeNfaBlob({ ...known, tail: { ...known.tail, rest } })
    const store = changed(healthyStore(), ids.webRule, (values) => [
      ...values.filter((value) => value.name !== 'ipsecData'),
      binaryValue('ipsecData', bytes),
    ])
    const rule = ruleOf(servers(store), ids.webRule)
    const draft = present(ruleDraftOf(rule, ids.policy))
    const quiet = decodeNfaBlob(
      present(attributeBytes(updateRule(rule.object, { ...draft, isActive: false }, later), 'ipsecData')),
    )
    expect(quiet).toEqual({ ...decodeNfaBlob(bytes), isActive: 0 })
    const other = updateRule(rule.object, { ...draft, authentication: [{ kind: 'kerberos' }] }, later)
    expect(decodeNfaBlob(present(attributeBytes(other, 'ipsecData'))).tail.rest).toEqual(rest)
  })

  it('the records of filters that stay, and the expansion of a range', () => {
    const vector = present(blobVectors.find((candidate) => candidate.id === 'filter-18'))
    const object = objectWith('ipsecFilter', vector.bytes)
    const draft = filterListDraftOf(readFilterList(object, ignore))
    const more = updateFilterList(object, { ...draft, filters: [...draft.filters, pingFilter] }, later)
    const before = decodeFilterBlob(vector.bytes)
    const after = decodeFilterBlob(present(attributeBytes(more, 'ipsecData')))
    expect(after.part1?.records.slice(0, 2)).toEqual(before.part1?.records)
    expect(after.part1?.records).toHaveLength(3)
    expect(after.part2?.records).toEqual(before.part2?.records)
    const gone = updateFilterList(more, { ...draft, filters: [pingFilter] }, later)
    expect(decodeFilterBlob(present(attributeBytes(gone, 'ipsecData'))).part1?.records).toHaveLength(1)
  })

  it('the form of a list written by Windows 2000', () => {
    const vector = present(blobVectors.find((candidate) => candidate.id === 'filter-02'))
    const object = objectWith('ipsecFilter', vector.bytes)
    const draft = filterListDraftOf(readFilterList(object, ignore))
    const updated = updateFilterList(object, { ...draft, filters: [...draft.filters, pingFilter] }, later)
    const bytes = present(attributeBytes(updated, 'ipsecData'))
    const blob = decodeFilterBlob(bytes)
    expect(blob.part1?.gap).toEqual(new Uint8Array(1))
    expect(blob.part1?.dataLength).toBe(bytes.length - 21)
    expect(encodeFilterBlob(blob)).toEqual(bytes)
  })

  it('references that lead nowhere, unless the references themselves change', () => {
    const dangling =
      'SOFTWARE\\Policies\\Microsoft\\Windows\\IPSec\\Policy\\Local\\ipsecNFA{00000000-0000-4000-8000-00000000dead}'
    const store = changed(healthyStore(), ids.policy, (values) =>
      values.map((value) =>
        value.name === 'ipsecNFAReference'
          ? { ...value, data: concatBytes([value.data.subarray(0, -2), stringValue('', `${dangling}\0`).data]) }
          : value,
      ),
    )
    const policy = servers(store)
    expect(policy.missingRules).toEqual([dangling])
    const updated = updatePolicy(
      policy.object,
      { ...present(policyDraftOf(policy)), pollingIntervalSeconds: 77 },
      later,
    )
    expect(attributeReferences(updated, 'ipsecNFAReference')).toContain(dangling)
  })

  it('an offer of main mode that is not known goes when the offers change', () => {
    const policy = servers()
    const mainMode = present(policy.mainMode)
    const blob = decodeIsakmpBlob(present(attributeBytes(mainMode.object, 'ipsecData')))
    expect(blob.methods).toHaveLength(1)
    const draft = mainModeDraftOf(mainMode, policy.id)
    const [offer] = draft.offers
    const updated = updateMainMode(
      mainMode.object,
      { ...draft, offers: [present(offer), { ...present(offer), group: 'group14' }] },
      later,
    )
    const after = decodeIsakmpBlob(present(attributeBytes(updated, 'ipsecData')))
    expect(after.methods[0]).toEqual(blob.methods[0])
    expect(after.methods[1]?.randomFunction).toBe(4)
  })
})

describe('an object whose data cannot be read', () => {
  it('is written anew', () => {
    const policy = servers()
    const broken = { ...policy.object, values: policy.object.values.filter((value) => value.name !== 'ipsecData') }
    const updated = updatePolicy(broken, present(policyDraftOf(policy)), later)
    expect(attributeBytes(updated, 'ipsecData')).toEqual(attributeBytes(policy.object, 'ipsecData'))
    const wrongType = { ...policy.object, values: [...broken.values, dwordValue('ipsecData', 1)] }
    expect(attributeBytes(updatePolicy(wrongType, present(policyDraftOf(policy)), later), 'ipsecData')).toHaveLength(25)
  })
})
