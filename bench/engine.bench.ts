import {
  compile,
  decidingFilter,
  type ExpandedPolicy,
  expandPolicy,
  explain,
  noHostFacts,
} from '../src/engine/index.ts'
import type { Policy } from '../src/policy/model.ts'
import { generatedOwn, generatePackets, generatePolicy } from './support/generatePolicy.ts'
import { LinearScan } from './support/linearScan.ts'
import type { BenchReport } from './support/report.ts'

const facts = { ...noHostFacts, addresses: generatedOwn }
const sizes = [1000, 10_000, 100_000, 1_000_000] as const
/** A policy of 100,000 filters: its share of the 2 s and 400 MB for reading and processing it. */
const largest = { milliseconds: 700, megabytes: 150, explainMilliseconds: 20 }
/** How much dearer a filter may be in a policy ten times as large; n log n gives 1.2, caches of a busy machine the rest. */
const growth = 2.5
const lookups = 100_000
/** Filters times packets that the linear scan may look at. */
const scanned = 400_000_000

export const run = (report: BenchReport): Promise<void> => {
  let before: number | undefined
  for (const size of sizes) {
    const name = size.toLocaleString('en-US')
    const policy = generatePolicy(size)
    const { milliseconds, megabytes, expanded } = processing(policy, size)
    const isBudgeted = size === 100_000
    report({
      name: `process and compile ${name} filters`,
      value: milliseconds,
      unit: 'ms',
      ...(isBudgeted ? { budget: largest.milliseconds } : {}),
    })
    report({
      name: `memory for that, ${name} filters`,
      value: megabytes,
      unit: 'MB',
      ...(isBudgeted ? { budget: largest.megabytes } : {}),
    })
    const each = milliseconds / size
    if (before !== undefined && size > 10_000) {
      const row = {
        name: `cost of a filter, ${name} against ${(size / 10).toLocaleString('en-US')}`,
        value: each / before,
      }
      report({ ...row, unit: 'times', budget: growth })
    }
    before = each
    deciding(policy, expanded, name, size, report)
    if (isBudgeted) explaining(policy, expanded, report)
  }
  return Promise.resolve()
}

/** Median of several. */
function processing(policy: Policy, size: number) {
  const rounds = Array.from({ length: size > 100_000 ? 3 : 7 }, () => processOnce(policy, size))
  return {
    milliseconds: median(rounds.map((round) => round.milliseconds)),
    megabytes: median(rounds.map((round) => round.megabytes)),
    expanded: expandPolicy(policy, facts),
  }
}

/** By itself, so that nothing of the round before is still held when it begins. */
function processOnce(policy: Policy, size: number) {
  const empty = used()
  const start = performance.now()
  const classifier = compile(expandPolicy(policy, facts))
  const milliseconds = performance.now() - start
  const megabytes = (used() - empty) / 1e6
  if (classifier.filters.length < size) throw new Error('filters are missing')
  return { milliseconds, megabytes }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number
}

function used(): number {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function deciding(policy: Policy, expanded: ExpandedPolicy, name: string, size: number, report: BenchReport): void {
  const classifier = compile(expanded)
  const packets = generatePackets(policy, lookups)
  const ours = microseconds(packets, (packet) => decidingFilter(classifier, packet))
  if (size > 100_000) {
    report({ name: `decide a packet, ${name} filters`, value: ours.each, unit: 'µs' })
    return
  }
  const scan = new LinearScan(
    expanded.filters,
    generatedOwn.map((ip) => ip.bits as number),
  )
  const sample = packets.slice(0, Math.min(lookups, Math.floor(scanned / expanded.filters.length)))
  const theirs = microseconds(sample, (packet) => scan.first(packet))
  for (const [index, packet] of sample.slice(0, 1000).entries()) {
    if (decidingFilter(classifier, packet) !== scan.first(packet))
      throw new Error(`packet ${index} is decided otherwise`)
  }
  report({
    name: `decide a packet, ${name} filters`,
    value: ours.each,
    unit: 'µs',
    peer: `linear scan of columns, ${theirs.each.toFixed(1)} µs`,
    ratio: ours.each / theirs.each,
  })
}

/** Median of three passes after one to warm up. */
function microseconds<T>(items: readonly T[], work: (item: T) => number): { readonly each: number } {
  const times: number[] = []
  let sum = 0
  for (let pass = 0; pass < 4; pass += 1) {
    const start = performance.now()
    for (const item of items) sum += work(item)
    if (pass > 0) times.push(((performance.now() - start) * 1000) / items.length)
  }
  if (sum < 0) throw new Error('no packet was decided')
  return { each: median(times) }
}

function explaining(policy: Policy, expanded: ExpandedPolicy, report: BenchReport): void {
  const classifier = compile(expanded)
  const times = generatePackets(policy, 200, 9).map((packet) => {
    const start = performance.now()
    explain(expanded, classifier, packet)
    return performance.now() - start
  })
  report({
    name: 'explain a packet, 100,000 filters, slowest of 200',
    value: Math.max(...times),
    unit: 'ms',
    budget: largest.explainMilliseconds,
  })
}
