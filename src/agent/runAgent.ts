import { PolagentError } from '../base/errors.ts'
import { hostFingerprint } from '../stores/hostFacts.ts'
import { acquireLock } from '../stores/lockFile.ts'
import { ensureStateDirectory, type StateDirectory } from '../stores/stateDirectory.ts'
import { fileError } from '../stores/storeErrors.ts'
import { AgentService, longTimer } from './agentService.ts'
import { type AgentState, localOnly } from './agentState.ts'
import { agentStatus } from './agentStatus.ts'
import { controlVersion } from './controlProtocol.ts'
import { ControlServer, notifyReady } from './controlServer.ts'
import type { EventSink, WrittenEvent } from './eventSink.ts'
import type { PolicySource } from './policySource.ts'
import type { AgentEvent } from './sourceEvents.ts'
import { watchFile, watchFingerprint } from './watchers.ts'

export interface RunOptions {
  readonly directory: StateDirectory
  readonly controlSocket: string
  readonly source: PolicySource
  readonly sink: EventSink
  /** Stop after the first attempt. */
  readonly once: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  /** One line for people about each thing that happens. */
  readonly say: (line: string) => void
}

const keptEvents = 50
const interfaceLookSeconds = 5

/**
 * Runs the agent until it is told to stop (SIGTERM, SIGINT, control socket) and gives the last state. Errors:
 * AGENT_ALREADY_RUNNING, STATE_DIRECTORY_UNUSABLE, CONTROL_FAILED when the socket cannot be made.
 */
export async function runAgent(options: RunOptions): Promise<AgentState> {
  const { directory } = options
  ensureStateDirectory(directory)
  const answer = await acquireLock(directory.agentLock, 'agent', 0).catch((error: unknown) => {
    throw fileError('STATE_DIRECTORY_UNUSABLE', directory.agentLock, error)
  })
  if (answer.kind === 'busy') {
    throw new PolagentError('AGENT_ALREADY_RUNNING', { file: directory.root, what: `process ${answer.pid}` })
  }
  try {
    return await runAlone(options)
  } finally {
    options.sink.close()
    answer.lock.release()
  }
}

async function runAlone(options: RunOptions): Promise<AgentState> {
  const { directory } = options
  const journal = new Journal(options)
  let exited: () => void = () => {}
  const exit = new Promise<void>((resolve) => {
    exited = resolve
  })
  const service = new AgentService(
    {
      now: Date.now,
      setTimer: longTimer,
      source: options.source,
      log: (event) => journal.write(event),
      onState: (state) => {
        const hasSettled = state.attempt === undefined && state.nextPollAt !== undefined
        if (options.once && hasSettled) queueMicrotask(() => service.trigger('stop-requested'))
      },
      exit: () => exited(),
    },
    localOnly,
  )
  const control = await ControlServer.listen(options.controlSocket, {
    handle: (command) => {
      switch (command) {
        case 'status':
          return agentStatus(service.state, journal.facts(directory.root))
        case 'reload':
          return service.trigger('reload-requested')
        case 'store-changed':
          return service.trigger('store-changed')
        case 'stop':
          // The answer goes out first.
          setImmediate(() => service.trigger('stop-requested'))
          return undefined
      }
    },
  }).catch((error: unknown) => {
    throw fileError('CONTROL_FAILED', options.controlSocket, error)
  })
  journal.onWritten = (event) => control.publish({ version: controlVersion, event })
  const stop = (): void => service.trigger('stop-requested')
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  const endWatches = [
    watchFile(directory.hive, () => service.trigger('store-changed')),
    watchFingerprint(hostFingerprint, interfaceLookSeconds, () => service.trigger('interfaces-changed')),
  ]
  service.trigger('started')
  if (!notifyReady(options.env)) options.say('systemd-notify is missing: systemd is not told that the agent is ready')
  await exit
  process.off('SIGTERM', stop)
  process.off('SIGINT', stop)
  for (const end of endWatches) end()
  await control.close()
  return service.state
}

/** Writes events, keeps the last ones for status, and says when they cannot be written. */
class Journal {
  readonly #options: RunOptions
  readonly #last: WrittenEvent[] = []
  #failure: string | undefined
  onWritten: (event: WrittenEvent) => void = () => {}

  constructor(options: RunOptions) {
    this.#options = options
  }

  write(event: AgentEvent): void {
    const written: WrittenEvent = { time: new Date().toISOString(), ...event }
    this.#last.push(written)
    if (this.#last.length > keptEvents) this.#last.shift()
    try {
      this.#options.sink.write(written)
      this.#failure = undefined
    } catch (error) {
      this.#failure = (error as Error).message
      this.#options.say(`event ${event.id} could not be written: ${this.#failure}`)
    }
    this.#options.say(
      `event ${event.id}${event.fields
        .filter((text) => text !== '')
        .map((text) => ` [${text}]`)
        .join('')}`,
    )
    this.onWritten(written)
  }

  facts(stateDirectory: string): Parameters<typeof agentStatus>[1] {
    return {
      mode: 'observe',
      stateDirectory,
      lastEvents: this.#last,
      ...(this.#failure === undefined ? {} : { eventLogFailure: this.#failure }),
    }
  }
}
