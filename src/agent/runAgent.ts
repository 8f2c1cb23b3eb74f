import { PolagentError } from '../base/errors.ts'
import { hostFingerprint } from '../stores/hostFacts.ts'
import { acquireLock } from '../stores/lockFile.ts'
import { ensureStateDirectory, type StateDirectory } from '../stores/stateDirectory.ts'
import { fileError, isSystemError } from '../stores/storeErrors.ts'
import { AgentService, type AttemptOutcome, longTimer } from './agentService.ts'
import { localOnly } from './agentState.ts'
import { type AgentMode, type AgentSituation, agentSituation, type AgentStatus, agentStatus } from './agentStatus.ts'
import { controlVersion } from './controlProtocol.ts'
import { ControlServer } from './controlServer.ts'
import type { SinkFactory, WrittenEvent } from './eventSink.ts'
import { failureCodeOf } from './failureCodes.ts'
import { Journal } from './journal.ts'
import type { PolicySource } from './policySource.ts'
import { agentEvent, agentEventOf } from './sourceEvents.ts'
import { notifySystemd } from './systemd.ts'
import { watchFingerprint, watchHive } from './watchers.ts'

/** What a running agent tells whoever watches it. */
export type AgentReport =
  | { readonly kind: 'event'; readonly event: WrittenEvent }
  /** An attempt has ended. */
  | { readonly kind: 'situation'; readonly situation: AgentSituation }
  /** A sentence about the agent itself. */
  | { readonly kind: 'note'; readonly text: string }

export interface RunOptions {
  readonly directory: StateDirectory
  readonly source: PolicySource
  readonly openSink: SinkFactory
  readonly mode: AgentMode
  /** Mebibytes; for status. */
  readonly memoryLimit: number
  /** Stop after the first attempt. */
  readonly once: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly report: (report: AgentReport) => void
}

const interfaceLookSeconds = 5

/**
 * Runs the agent until it is told to stop (SIGTERM, SIGINT) and tells how things stood then. Errors:
 * AGENT_ALREADY_RUNNING, STATE_DIRECTORY_UNUSABLE, CONTROL_FAILED when the socket cannot be made, INTERNAL.
 */
export async function runAgent(options: RunOptions): Promise<AgentSituation> {
  const { directory } = options
  ensureStateDirectory(directory)
  const answer = await acquireLock(directory.agentLock, 0).catch((error: unknown) => {
    throw isSystemError(error) ? fileError('STATE_DIRECTORY_UNUSABLE', directory.agentLock, error) : error
  })
  if (answer.kind === 'busy') {
    const by = answer.pid === undefined ? {} : { what: `process ${answer.pid}` }
    throw new PolagentError('AGENT_ALREADY_RUNNING', { file: directory.root, ...by })
  }
  const journal = new Journal({
    openSink: options.openSink,
    now: () => new Date().toISOString(),
    note: (text) => options.report({ kind: 'note', text }),
  })
  journal.listen((event) => options.report({ kind: 'event', event }))
  try {
    return await runAlone(options, journal)
  } finally {
    journal.close()
    answer.lock.release()
  }
}

async function runAlone(options: RunOptions, journal: Journal): Promise<AgentSituation> {
  const { directory, report } = options
  const exit = Promise.withResolvers<void>()
  const service = new AgentService(
    {
      now: Date.now,
      setTimer: longTimer,
      source: options.source,
      log: (event) => journal.write(event),
      onAttempt: ({ state }) => {
        const situation = agentSituation(state)
        report({ kind: 'situation', situation })
        void tellReady(options, situation)
        if (options.once && state.attempt === undefined) queueMicrotask(() => service.trigger('stop-requested'))
      },
      exit: () => exit.resolve(),
    },
    localOnly,
  )
  const control = await openControl(options, journal, service)
  journal.listen((event) => control.publish({ version: controlVersion, event }))
  const stopListening = listenToSignals({
    stop: () => service.trigger('stop-requested'),
    reload: () => service.trigger('reload-requested'),
    crash: (error) => {
      journal.write(agentEventOf(agentEvent.crashed, failureCodeOf(error)))
      exit.reject(error)
    },
  })
  const endWatches = [
    watchHive(directory.hive, () => service.trigger('store-changed')),
    watchFingerprint(hostFingerprint, interfaceLookSeconds, () => service.trigger('interfaces-changed')),
  ]
  try {
    service.trigger('started')
    await exit.promise
  } finally {
    stopListening()
    for (const end of endWatches) end()
    options.source.endAttempt()
    await control.close()
  }
  return agentSituation(service.state)
}

async function openControl(options: RunOptions, journal: Journal, service: AgentService): Promise<ControlServer> {
  const { directory, mode, memoryLimit } = options
  const reloadReport = ({ state, events }: AttemptOutcome): unknown => ({
    version: 1,
    ...agentSituation(state),
    mode,
    events,
  })
  const status = (): AgentStatus =>
    agentStatus(service.state, {
      mode,
      stateDirectory: directory.root,
      memoryLimit,
      eventLog: {
        file: directory.eventLog,
        ...(journal.failure === undefined ? {} : { failure: journal.failure }),
      },
      lastEvents: journal.lastEvents,
    })
  try {
    return await ControlServer.listen(directory.controlSocket, {
      handle: (command) => {
        switch (command) {
          case 'status':
            return status()
          case 'reload':
            return service.reload().then(reloadReport)
          case 'reload-soon':
            service.trigger('reload-requested')
            return undefined
          case 'store-changed':
            service.trigger('store-changed')
            return undefined
        }
      },
    })
  } catch (error) {
    const failure = fileError('CONTROL_FAILED', directory.controlSocket, error)
    journal.write(agentEventOf(agentEvent.rpcServerFailed, failureCodeOf(failure)))
    throw failure
  }
}

/** systemd goes on with what depends on this service once the first attempt is over, well or not. */
async function tellReady(options: RunOptions, situation: AgentSituation): Promise<void> {
  const name = situation.policy?.name ?? situation.persistentPolicy?.name
  const status = name === undefined ? 'no policy in force' : `policy in force: ${name}`
  if (await notifySystemd(options.env, '--ready', `--status=${status}`)) return
  options.report({ kind: 'note', text: 'systemd-notify failed: systemd is not told that the agent is ready' })
}

function listenToSignals(on: {
  readonly stop: () => void
  readonly reload: () => void
  readonly crash: (error: unknown) => void
}): () => void {
  process.on('SIGTERM', on.stop)
  process.on('SIGINT', on.stop)
  process.on('SIGHUP', on.reload)
  process.on('uncaughtException', on.crash)
  return () => {
    process.off('SIGTERM', on.stop)
    process.off('SIGINT', on.stop)
    process.off('SIGHUP', on.reload)
    process.off('uncaughtException', on.crash)
  }
}
