import type { verdictOn } from '../agent/agentStatus.ts'
import type { ExitStatus } from './io.ts'

/** Exit status of a load and apply: done, done and something of it failed, failed. */
export const statusOfVerdict: Readonly<Record<ReturnType<typeof verdictOn>, ExitStatus>> = {
  well: 0,
  partly: 1,
  failed: 4,
}
