import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, readFileSync, unlinkSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import {
  type ControlCommand,
  type ControlReply,
  controlRate,
  controlVersion,
  longestControlLine,
  parseControlRequest,
} from './controlProtocol.ts'
import { LineReader } from './lineReader.ts'

/** Connections at a time; more are closed at once. */
const mostConnections = 32
/** A connection that says nothing for this long is closed. Seconds. Subscribers are exempt. */
const idleSeconds = 60

export interface ControlHandlers {
  /** The answer to a command; `subscribe` is handled by the server. */
  readonly handle: (command: Exclude<ControlCommand, 'subscribe'>) => unknown
}

/** The control socket of a running agent. Whoever may open it may ask for status, reload and stop. */
export class ControlServer {
  readonly #server: Server
  readonly #handlers: ControlHandlers
  readonly #connections = new Set<Socket>()
  readonly #subscribers = new Set<Socket>()

  private constructor(handlers: ControlHandlers) {
    this.#handlers = handlers
    this.#server = createServer((socket) => this.#accept(socket))
  }

  /** Listens at `path`. The caller holds the agent's lock, so a socket that lies there is left over and is removed. */
  static async listen(path: string, handlers: ControlHandlers): Promise<ControlServer> {
    const control = new ControlServer(handlers)
    try {
      unlinkSync(path)
    } catch {
      // There was none.
    }
    // Created without any access for others, so that there is no moment in which anyone may connect.
    const mask = process.umask(0o177)
    try {
      await new Promise<void>((resolve, reject) => {
        control.#server.once('error', reject)
        control.#server.listen(path, resolve)
      })
    } finally {
      process.umask(mask)
    }
    openToGroup(path)
    return control
  }

  /** Tells all subscribers. One that does not read is cut off, so that it costs no memory. */
  publish(message: unknown): void {
    const line = `${JSON.stringify(message)}\n`
    for (const socket of this.#subscribers) {
      if (socket.writableLength > 262_144) socket.destroy()
      else socket.write(line)
    }
  }

  close(): Promise<void> {
    for (const socket of this.#connections) socket.end()
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      setTimeout(() => {
        for (const socket of this.#connections) socket.destroy()
      }, 200).unref()
    })
  }

  #accept(socket: Socket): void {
    if (this.#connections.size >= mostConnections) {
      socket.destroy()
      return
    }
    this.#connections.add(socket)
    socket.setTimeout(idleSeconds * 1000, () => {
      if (!this.#subscribers.has(socket)) socket.destroy()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.#connections.delete(socket)
      this.#subscribers.delete(socket)
    })
    const budget = new Budget(controlRate)
    const reader = new LineReader(
      longestControlLine,
      (line) => (budget.take() ? this.#answer(socket, line) : refuse(socket, 'too many requests')),
      () => refuse(socket, `a request has at most ${longestControlLine} bytes`),
    )
    socket.on('data', (chunk: Buffer) => reader.push(chunk))
  }

  #answer(socket: Socket, line: string): void {
    const request = parseControlRequest(line)
    if (typeof request === 'string') return refuse(socket, request)
    if (request.command === 'subscribe') {
      this.#subscribers.add(socket)
      return reply(socket, { version: controlVersion, ok: true })
    }
    const result = this.#handlers.handle(request.command)
    reply(socket, { version: controlVersion, ok: true, ...(result === undefined ? {} : { result }) })
  }
}

function reply(socket: Socket, answer: ControlReply): void {
  if (socket.writable) socket.write(`${JSON.stringify(answer)}\n`)
}

function refuse(socket: Socket, error: string): void {
  if (socket.writable)
    socket.end(`${JSON.stringify({ version: controlVersion, ok: false, error } satisfies ControlReply)}\n`)
}

/** At most `perSecond` in any second of its own clock. */
class Budget {
  readonly #perSecond: number
  #left: number
  #since = performance.now()

  constructor(perSecond: number) {
    this.#perSecond = perSecond
    this.#left = perSecond
  }

  take(): boolean {
    if (performance.now() - this.#since > 1000) {
      this.#since = performance.now()
      this.#left = this.#perSecond
    }
    this.#left -= 1
    return this.#left >= 0
  }
}

/** Members of the group `polagent`, where there is one and we may, can use the socket as well. */
function openToGroup(path: string): void {
  try {
    const group = /^polagent:[^:]*:(\d+):/m.exec(readFileSync('/etc/group', 'utf8'))?.[1]
    if (group === undefined) return
    chownSync(path, process.getuid?.() ?? 0, Number(group))
    chmodSync(path, 0o660)
  } catch {
    // The owner alone can use it.
  }
}

/** Tells systemd that the agent is ready, where systemd asked to be told and its own tool for that exists. */
export function notifyReady(env: Readonly<Record<string, string | undefined>>): boolean {
  if (env['NOTIFY_SOCKET'] === undefined) return true
  try {
    execFileSync('systemd-notify', ['--ready', `--pid=${process.pid}`], { stdio: 'ignore', timeout: 5000 })
    return true
  } catch {
    return false
  }
}
