/** An event that is to be logged. */
export interface EventInput {
  readonly id: number
  /** In the order of the catalogue's fields. */
  readonly fields: readonly string[]
  /** ISO 8601, UTC. */
  readonly time: string
}

/** An event as the log holds it. */
export interface EventRecord extends EventInput {
  /** Rises by one with each event of a log and is never used twice (after damage some numbers may be skipped). */
  readonly recordNumber: number
  readonly version: number
  readonly level: number
  readonly opcode: number
  readonly task: number
  /** `0x` and 16 hexadecimal digits. */
  readonly keywords: string
  readonly computer: string
  readonly processId: number
  readonly threadId: number
  /** Who caused it (a SID in Windows logs); absent in events of the agent. */
  readonly user?: string
}
