/** One measured figure. Smaller is better for every figure that has a budget. */
export interface BenchRow {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What `value` may be at most. */
  readonly budget?: number
  /** What was measured beside it in the same run. */
  readonly peer?: string
  /** Our figure divided by the peer's. */
  readonly ratio?: number
}

export type BenchReport = (row: BenchRow) => void

/** Shape of a bench/*.bench.ts module. */
export interface BenchModule {
  readonly run: (report: BenchReport) => Promise<void>
}
