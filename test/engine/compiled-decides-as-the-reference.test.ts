import { expect, test } from 'vitest'
import {
  type Classifier,
  compile,
  decide,
  decidingFilter,
  type ExpandedFilter,
  expandPolicies,
  type HostFacts,
  matchingFilters,
  noHostFacts,
  type Packet,
} from '../../src/engine/index.ts'
import { generatedOwn, generatePackets, generatePolicy } from '../../bench/support/generatePolicy.ts'
import { ipv4 } from '../../src/policy/ip.ts'
import type { Policy } from '../../src/policy/model.ts'
import { filtersOf, randomFacts, randomPacket, randomPolicy } from '../support/randomPolicies.ts'
import { type ReferenceDecision, ReferenceEvaluator } from '../support/referenceEvaluator.ts'
import { MixedRandom } from '../support/mixedRandom.ts'

const seed = 0x5eed_0002

function decisionOf(filter: ExpandedFilter): ReferenceDecision {
  return {
    verdict: filter.action === 'negotiate' ? 'protect' : filter.action,
    policy: filter.policy.id,
    rule: filter.rule.id,
    list: filter.filterList.id,
    position: filter.position,
    isMirrorImage: filter.isMirrorImage,
  }
}

function keyOf(decision: ReferenceDecision | undefined): string {
  return decision === undefined
    ? 'none'
    : `${decision.verdict} ${decision.rule} ${decision.list} ${decision.position} ${decision.isMirrorImage}`
}

/** Says where the two differ, in full, only when they do. */
function compare(
  reference: ReferenceEvaluator,
  classifier: Classifier,
  packet: Packet,
  context: { readonly policies?: readonly Policy[]; readonly facts: HostFacts; readonly round?: number },
): ReferenceDecision | undefined {
  const expected = reference.matching(packet)[0]
  const place = decidingFilter(classifier, packet)
  const actual = place < 0 ? undefined : decisionOf(classifier.filters.at(place) as ExpandedFilter)
  if (keyOf(expected) !== keyOf(actual))
    expect({ ...context, packet, actual }).toEqual({ ...context, packet, actual: expected })
  return expected
}

test('a million random packets over thousands of random policies', () => {
  const random = new MixedRandom(seed)
  const verdicts: Record<string, number> = { block: 0, permit: 0, protect: 0, none: 0 }
  for (let round = 0; round < 4000; round += 1) {
    const policies = [randomPolicy(random)]
    if (random.below(4) === 0) policies.push(randomPolicy(random, 'persistent'))
    const facts = randomFacts(random)
    const filters = filtersOf(policies)
    const reference = new ReferenceEvaluator(policies, facts)
    const classifier = compile(expandPolicies(policies, facts))
    for (let packet = 0; packet < 260; packet += 1) {
      const decision = compare(reference, classifier, randomPacket(random, filters), { policies, facts, round })
      verdicts[decision?.verdict ?? 'none'] = (verdicts[decision?.verdict ?? 'none'] as number) + 1
    }
  }
  // The packets must have met every verdict often, or the comparison says little.
  expect(Object.values(verdicts).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(1_000_000)
  for (const count of Object.values(verdicts)) expect(count).toBeGreaterThan(50_000)
})

test('all matching filters come in the order of the reference', () => {
  const random = new MixedRandom(seed + 1)
  let several = 0
  for (let round = 0; round < 400; round += 1) {
    const policies = [randomPolicy(random), randomPolicy(random, 'persistent')]
    const facts = randomFacts(random)
    const filters = filtersOf(policies)
    const reference = new ReferenceEvaluator(policies, facts)
    const classifier = compile(expandPolicies(policies, facts))
    for (let count = 0; count < 60; count += 1) {
      const packet = randomPacket(random, filters)
      const expected = reference.matching(packet).map(keyOf)
      const actual = matchingFilters(classifier, packet).map((place) =>
        keyOf(decisionOf(classifier.filters.at(place) as ExpandedFilter)),
      )
      if (actual.length > 1) several += 1
      // A mirror image that is the filter itself is not made again.
      expect(expected.filter((key) => actual.includes(key))).toEqual(actual)
      expect(expected.filter((key) => !actual.includes(key)).every((key) => key.endsWith('true'))).toBe(true)
    }
  }
  expect(several).toBeGreaterThan(1000)
})

test('every packet of a tiny universe', () => {
  const random = new MixedRandom(seed + 2)
  const addresses = [0, 1, 2, 3, 4, 5, 6, 7].map((low) => ipv4(0x0a00_0010 + low))
  const ports = [undefined, 1, 500]
  const own = { addresses: [addresses[1], addresses[6]].filter((ip) => ip !== undefined) }
  let packets = 0
  for (let round = 0; round < 12; round += 1) {
    const policies = [randomPolicy(random)]
    const facts = { ...randomFacts(random), ...own }
    const reference = new ReferenceEvaluator(policies, facts)
    const classifier = compile(expandPolicies(policies, facts))
    for (const source of addresses) {
      for (const destination of addresses) {
        for (const protocol of [0, 1, 6, 17]) {
          for (const sourcePort of ports) {
            for (const destinationPort of ports) {
              const traffic = {
                protocol,
                ...(sourcePort === undefined ? {} : { sourcePort }),
                ...(destinationPort === undefined ? {} : { destinationPort }),
              }
              compare(reference, classifier, { source, destination, ...traffic }, { policies, facts, round })
              packets += 1
            }
          }
        }
      }
    }
  }
  expect(packets).toBe(12 * 64 * 4 * 9)
})

test('the order of reading changes nothing', () => {
  const random = new MixedRandom(seed + 3)
  for (let round = 0; round < 200; round += 1) {
    const policy = randomPolicy(random)
    const filters = filtersOf([policy])
    const facts = randomFacts(random)
    const turned = {
      ...policy,
      rules: policy.rules.toReversed().map((rule) => ({ ...rule, filterLists: rule.filterLists.toReversed() })),
    }
    const one = compile(expandPolicies([policy], facts))
    const other = compile(expandPolicies([turned], facts))
    expect(other.filters.length).toBe(one.filters.length)
    for (let count = 0; count < 50; count += 1) {
      const packet = randomPacket(random, filters)
      expect(decidingFilter(other, packet)).toBe(decidingFilter(one, packet))
      expect(decide(other, packet).kind).toBe(decide(one, packet).kind)
    }
  }
})

test('a policy with as many filters as servers have', () => {
  const policy = generatePolicy(1500)
  const facts = { ...noHostFacts, addresses: generatedOwn }
  const reference = new ReferenceEvaluator([policy], facts)
  const classifier = compile(expandPolicies([policy], facts))
  const packets = generatePackets(policy, 600)
  const met = new Set(packets.map((packet) => compare(reference, classifier, packet, { facts })?.verdict))
  expect(met).toEqual(new Set(['block', 'permit', 'protect']))
})
