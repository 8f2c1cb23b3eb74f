import { PolagentError } from '../base/errors.ts'
import { parseGuid } from '../base/guid.ts'
import type { Policy, PolicySet } from '../policy/model.ts'
import { areaTitle } from './policyTree.ts'

/** The policy of that name (any case) or id. Errors: NOT_FOUND, POLICY_NAME_AMBIGUOUS. */
export function findPolicy(set: PolicySet, nameOrId: string): Policy {
  const policies = set.areas.flatMap((area) => area.policies)
  const id = parseGuid(nameOrId)
  const wanted = nameOrId.toLowerCase()
  const byName = policies.filter((policy) => policy.name.toLowerCase() === wanted)
  const found = byName.length > 0 || id === undefined ? byName : policies.filter((policy) => policy.id === id)
  const [first, ...others] = found
  if (first === undefined) {
    const names = policies.slice(0, 10).map((policy) => `"${policy.name}"`)
    const what = names.length === 0 ? 'there is none' : `"${nameOrId}"; there are ${names.join(', ')}`
    throw new PolagentError('NOT_FOUND', { file: set.source, what: `policy ${what}` })
  }
  // One policy in several areas (the cached copy, say) is one policy; the area that comes first counts.
  if (others.some((other) => other.id !== first.id)) {
    const what = found.map((policy) => `"${policy.name}" ${policy.id} (${areaTitle[policy.area]})`).join(', ')
    throw new PolagentError('POLICY_NAME_AMBIGUOUS', { file: set.source, what })
  }
  return first
}
