/** Version of the control protocol; a peer of another version is refused with a sentence. */
export const controlVersion = 1
/** Longest line either side reads. Bytes. */
export const longestControlLine = 4096
/** Requests per connection and second. */
export const controlRate = 50
export const longestControlReply = 4 * 1_048_576

/**
 * `status`: what is in force. `reload`: the service control of event 5465; answered when the outcome is known
 * (`reload-soon`: at once). `store-changed`: look at the store now, for where the system does not tell of changes. `subscribe`: every event, as it
 * is logged.
 */
export const controlCommands = ['status', 'reload', 'reload-soon', 'store-changed', 'subscribe'] as const
export type ControlCommand = (typeof controlCommands)[number]

/** One JSON object a line, each way. */
export interface ControlRequest {
  readonly version: number
  readonly command: ControlCommand
}

export type ControlReply =
  | { readonly version: number; readonly ok: true; readonly result?: unknown }
  | { readonly version: number; readonly ok: false; readonly error: string }

/** Reads one request line; a sentence when it is none. */
export function parseControlRequest(line: string): ControlRequest | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return 'a request is one JSON object on one line'
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'a request is one JSON object on one line'
  const { version, command } = value as { version?: unknown; command?: unknown }
  if (version !== controlVersion) return `this agent speaks version ${controlVersion} of the control protocol`
  const known = controlCommands.find((name) => name === command)
  return known === undefined
    ? `commands are ${controlCommands.join(', ')}`
    : { version: controlVersion, command: known }
}
