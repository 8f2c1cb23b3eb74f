import { connect, type Socket } from 'node:net'
import { PolagentError } from '../base/errors.ts'
import { type ControlCommand, type ControlReply, controlVersion, longestControlReply } from './controlProtocol.ts'
import { LineReader } from './lineReader.ts'
import { withSocketPath } from './socketPath.ts'

/**
 * Sends one command to the agent behind the socket and gives its answer. Errors: AGENT_NOT_RUNNING when nobody listens,
 * AGENT_ACCESS_DENIED when this user may not ask, CONTROL_FAILED when the answer is none, is a refusal, or does not come in time.
 */
export function askAgent(
  path: string,
  command: Exclude<ControlCommand, 'subscribe'>,
  timeoutSeconds = 5,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = connected(path)
    const fail = (error: PolagentError): void => {
      socket.destroy()
      reject(error)
    }
    socket.setTimeout(timeoutSeconds * 1000, () =>
      fail(new PolagentError('CONTROL_FAILED', { file: path, what: 'no answer' })),
    )
    socket.on('error', (error: NodeJS.ErrnoException) => fail(connectError(path, error)))
    socket.on('connect', () => socket.write(`${JSON.stringify({ version: controlVersion, command })}\n`))
    const reader = new LineReader(
      longestControlReply,
      (line) => {
        const answer = parseReply(line)
        if (answer?.ok !== true)
          return fail(new PolagentError('CONTROL_FAILED', { file: path, what: answer?.error ?? 'no JSON' }))
        socket.end()
        resolve(answer.result)
      },
      () => fail(new PolagentError('CONTROL_FAILED', { file: path, what: 'the answer is too long' })),
    )
    socket.on('data', (chunk: Buffer) => reader.push(chunk))
    socket.on('close', () =>
      reject(new PolagentError('CONTROL_FAILED', { file: path, what: 'the connection was closed' })),
    )
  })
}

function connected(path: string): Socket {
  try {
    return withSocketPath(path, (short) => connect(short))
  } catch (error) {
    throw connectError(path, error as NodeJS.ErrnoException)
  }
}

function parseReply(line: string): ControlReply | undefined {
  try {
    const value = JSON.parse(line) as ControlReply | null
    return value !== null && typeof value === 'object' && typeof value.ok === 'boolean' ? value : undefined
  } catch {
    return undefined
  }
}

/** Why nobody could be asked. */
export function connectError(path: string, error: NodeJS.ErrnoException): PolagentError {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ECONNREFUSED':
      return new PolagentError('AGENT_NOT_RUNNING', { file: path, cause: error })
    case 'EACCES':
    case 'EPERM':
      return new PolagentError('AGENT_ACCESS_DENIED', { file: path, cause: error })
    default:
      return new PolagentError('CONTROL_FAILED', { file: path, what: error.message, cause: error })
  }
}
