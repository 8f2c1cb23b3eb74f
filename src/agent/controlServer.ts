import { chmodSync, chownSync, readFileSync, statSync, unlinkSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import {
  type ControlCommand,
  type ControlReply,
  controlRate,
  controlVersion,
  longestControlLine,
  parseControlRequest,
} from './controlProtocol.ts'
import { LineReader } from './lineReader.ts'
import { withSocketPath } from './socketPath.ts'

/** Connections at a time; more are closed at once. */
const mostConnections = 32
/** A connection that says nothing for this long is closed. Seconds. Subscribers and those who wait for an answer are exempt. */
const idleSeconds = 60

export interface ControlHandlers {
  /** The answer to a command, or a promise of it; `subscribe` is handled by the server. */
  readonly handle: (command: Exclude<ControlCommand, 'subscribe'>) => unknown
}

/** The control socket of a running agent. Whoever may open it may ask for status and reload. */
export class ControlServer {
  readonly #path: string
  readonly #server: Server
  readonly #handlers: ControlHandlers
  readonly #connections = new Set<Socket>()
  readonly #subscribers = new Set<Socket>()
  /** Requests not answered yet. */
  readonly #pending = new Map<Socket, number>()

  private constructor(path: string, handlers: ControlHandlers) {
    this.#path = path
    this.#handlers = handlers
    this.#server = createServer((socket) => this.#accept(socket))
  }

  /** Listens at `path`. The caller holds the agent's lock, so a socket that lies there is left over and is removed. */
  static async listen(path: string, handlers: ControlHandlers): Promise<ControlServer> {
    const control = new ControlServer(path, handlers)
    removeSocket(path)
    await new Promise<void>((resolve, reject) => {
      control.#server.once('error', reject)
      // Created without any access for others, so that there is no moment in which anyone may connect.
      const mask = process.umask(0o177)
      try {
        withSocketPath(path, (short) => control.#server.listen(short, resolve))
      } finally {
        process.umask(mask)
      }
    })
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
      this.#server.close(() => {
        removeSocket(this.#path)
        resolve()
      })
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
      if (!this.#subscribers.has(socket) && !this.#pending.has(socket)) socket.destroy()
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
    const answer = this.#handlers.handle(request.command)
    if (!(answer instanceof Promise)) return replyWith(socket, answer)
    this.#pending.set(socket, (this.#pending.get(socket) ?? 0) + 1)
    answer.then(
      (result) => {
        this.#answered(socket)
        replyWith(socket, result)
      },
      (error: unknown) => {
        this.#answered(socket)
        refuse(socket, error instanceof Error ? error.message : 'unknown failure')
      },
    )
  }

  #answered(socket: Socket): void {
    const left = (this.#pending.get(socket) ?? 1) - 1
    if (left > 0) this.#pending.set(socket, left)
    else this.#pending.delete(socket)
  }
}

function replyWith(socket: Socket, result: unknown): void {
  reply(socket, { version: controlVersion, ok: true, ...(result === undefined ? {} : { result }) })
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

function removeSocket(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // There is none.
  }
}

/**
 * Members of the group `polagent`, where there is one and we may, can use the socket as well. They may pass through the
 * directory it lies in, not list it; everything else there stays readable by its owner only.
 */
function openToGroup(path: string): void {
  try {
    const group = /^polagent:[^:]*:(\d+):/m.exec(readFileSync('/etc/group', 'utf8'))?.[1]
    if (group === undefined) return
    const owner = process.getuid?.() ?? 0
    chownSync(path, owner, Number(group))
    chmodSync(path, 0o660)
    const directory = statSync(dirname(path))
    if (directory.uid !== owner || (directory.mode & 0o777) !== 0o700) return
    chownSync(dirname(path), owner, Number(group))
    chmodSync(dirname(path), 0o710)
  } catch {
    // The owner alone can use it.
  }
}
