import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import type { AgentSituation } from '../../src/agent/agentStatus.ts'
import type { WrittenEvent } from '../../src/agent/eventSink.ts'
import { launcher } from './polagent.ts'

type Line =
  | ({ readonly kind: 'event' } & WrittenEvent)
  | ({ readonly kind: 'situation' } & AgentSituation)
  | { readonly kind: 'note'; readonly text: string }

/** A running `polagent run --json` and what it has said. */
export interface AgentProcess {
  readonly pid: number
  readonly lines: readonly Line[]
  readonly text: () => string
  /** Events since the last call of this, as `5461 Servers 2`. */
  readonly takeEvents: () => string[]
  /** Waits for the end of the next attempt that is not taken yet. */
  readonly nextSituation: (seconds?: number) => Promise<AgentSituation>
  readonly waitFor: (condition: () => boolean, what: string, seconds?: number) => Promise<void>
  readonly kill: (signal: NodeJS.Signals) => void
  /** Exit status, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
}

const running = new Set<ChildProcess>()

/** Ends what a test has left running. */
export function endAgents(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** Starts the real program. `wrap`: a command in front, for example `['prlimit', '--as=…']`. */
export function startAgent(
  stateDir: string,
  options: { readonly args?: readonly string[]; readonly wrap?: readonly string[]; readonly uid?: number } = {},
): AgentProcess {
  const command = [...(options.wrap ?? []), launcher, 'run', '--json', '--state-dir', stateDir, ...(options.args ?? [])]
  const child = spawn(command[0] as string, command.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' },
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  })
  running.add(child)
  const lines: Line[] = []
  let rest = ''
  let err = ''
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString()
  })
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) lines.push(JSON.parse(part) as Line)
  })
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('close', (code, signal) => {
      running.delete(child)
      resolve(code ?? signal ?? -1)
    })
  })
  const text = (): string => `${lines.map((line) => JSON.stringify(line)).join('\n')}\n${err}`
  const waitFor = async (condition: () => boolean, what: string, seconds = 30): Promise<void> => {
    const deadline = performance.now() + seconds * 1000
    while (!condition()) {
      if (performance.now() > deadline) throw new Error(`no ${what} within ${seconds} s; it said:\n${text()}`)
      await new Promise((done) => setTimeout(done, 10))
    }
  }
  const situations = (): AgentSituation[] => lines.flatMap((line) => (line.kind === 'situation' ? [line] : []))
  let eventsTaken = 0
  let situationsTaken = 0
  return {
    pid: child.pid as number,
    lines,
    text,
    takeEvents: () => {
      const events = lines.flatMap((line) => (line.kind === 'event' ? [[line.id, ...line.fields].join(' ')] : []))
      const fresh = events.slice(eventsTaken)
      eventsTaken = events.length
      return fresh
    },
    nextSituation: async (seconds) => {
      await waitFor(() => situations().length > situationsTaken, 'end of an attempt', seconds)
      const situation = situations()[situationsTaken] as AgentSituation
      situationsTaken += 1
      return situation
    },
    waitFor,
    kill: (signal) => void child.kill(signal),
    ended,
  }
}

/** Resident size. Kibibytes. */
export function residentKilobytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1])
}

/** Pids of the processes whose parent is `pid`. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return fields[1] === String(pid) && fields[0] !== 'Z' ? [Number(name)] : []
    } catch {
      return []
    }
  })
}
