/** Polling interval when the policy says 0, or when there is no policy (MS-GPIPSEC 3.2). Seconds. */
const defaultPollingSeconds = 10_800
/** Longest back-off after a failure (MS-GPIPSEC 3.2). Minutes. */
const longestBackOffMinutes = 166
/**
 * Longest wait after a failure for want of memory: it comes back at any time and nothing tells us. Seconds. Our choice [R].
 */
export const longestMemoryWaitSeconds = 60
/** A policy that asks for more frequent polling than this would only burn the processor. Seconds. Our choice [R]. */
const shortestPollingSeconds = 10

/**
 * The next back-off after a failure: min((old + 1)², 166) minutes.
 *
 * nextBackOffMinutes(0) // → 1, then 4, 25, 166, 166 …
 */
export function nextBackOffMinutes(oldMinutes: number): number {
  return Math.min((oldMinutes + 1) ** 2, longestBackOffMinutes)
}

/** Seconds until the next poll of a policy: 0 means the default; the stored number is an unsigned 32-bit value. */
export function pollingSeconds(stored: number): number {
  if (!Number.isFinite(stored) || stored <= 0) return defaultPollingSeconds
  return Math.max(shortestPollingSeconds, Math.min(stored, 0xffff_ffff))
}
