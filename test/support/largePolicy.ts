/** A policy document whose one rule blocks `filters` networks, each by a filter of its own. */
export function largePolicyDocument(name: string, filters: number): string {
  const lines = Array.from(
    { length: filters },
    (_, n) => `me <-> 10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255} tcp :80`,
  )
  return JSON.stringify({
    polagent: 1,
    assigned: name,
    policies: [{ name, rules: [{ name: 'Many', filterAction: 'block', filters: lines }] }],
  })
}
