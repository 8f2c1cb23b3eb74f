/** Where a fact comes from: D documented, S specification, O observed, R our reading (policy-objects.md 0). */
export type Mark = 'D' | 'S' | 'O' | 'R'
