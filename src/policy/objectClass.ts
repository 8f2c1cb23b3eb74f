/** The five classes of stored objects. Spec: policy-objects.md 1.1, registry-store.md 2.1. */
export const objectClasses = [
  'ipsecPolicy',
  'ipsecISAKMPPolicy',
  'ipsecNFA',
  'ipsecNegotiationPolicy',
  'ipsecFilter',
] as const

export type ObjectClass = (typeof objectClasses)[number]

const byLowerName = new Map<string, ObjectClass>(objectClasses.map((name) => [name.toLowerCase(), name]))

/** The class of that name, in any case; `undefined` when it is none. */
export function parseObjectClass(text: string): ObjectClass | undefined {
  return byLowerName.get(text.trim().toLowerCase())
}

/** What people call the class. */
export const objectClassTitle: Record<ObjectClass, string> = {
  ipsecPolicy: 'policy',
  ipsecISAKMPPolicy: 'main mode settings',
  ipsecNFA: 'rule',
  ipsecNegotiationPolicy: 'filter action',
  ipsecFilter: 'filter list',
}
