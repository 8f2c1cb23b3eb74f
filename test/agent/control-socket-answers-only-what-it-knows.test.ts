import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PolagentError } from '../../src/base/errors.ts'
import { askAgent } from '../../src/agent/controlClient.ts'
import { controlRate, longestControlLine, parseControlRequest } from '../../src/agent/controlProtocol.ts'
import { ControlServer } from '../../src/agent/controlServer.ts'
import { LineReader } from '../../src/agent/lineReader.ts'
import { SeededRandom } from '../support/seededRandom.ts'

let directory = ''
let path = ''
let server: ControlServer
let slow = Promise.withResolvers<string>()
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'polagent-control-'))
  path = join(directory, 'control.sock')
  slow = Promise.withResolvers<string>()
  slow.promise.catch(() => {})
  server = await ControlServer.listen(path, {
    handle: (command) => {
      if (command === 'status') return { state: 'none' }
      return command === 'reload' ? slow.promise : undefined
    },
  })
})
afterEach(async () => {
  await server.close()
  rmSync(directory, { recursive: true, force: true })
})

/** Sends bytes and gives everything that comes back until the agent closes, or `lines` lines have come. */
function exchange(bytes: Uint8Array | string, lines = Number.POSITIVE_INFINITY): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(path, () => socket.write(bytes))
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.split('\n').length > lines) socket.destroy()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
  })
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => 'none',
    (error: unknown) => (error as PolagentError).code,
  )
}

test('only its owner may use the socket, and it is gone afterwards', async () => {
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(await askAgent(path, 'status')).toEqual({ state: 'none' })
  await server.close()
  expect(await codeOf(askAgent(path, 'status'))).toBe('AGENT_NOT_RUNNING')
  server = await ControlServer.listen(path, { handle: () => undefined })
})

test('a socket left by an agent that was killed is no obstacle', async () => {
  const again = await ControlServer.listen(path, { handle: () => 'new' })
  expect(await askAgent(path, 'status')).toBe('new')
  await again.close()
})

test('an answer may take its time, and others are answered meanwhile', async () => {
  const reload = askAgent(path, 'reload', 20)
  expect(await askAgent(path, 'status')).toEqual({ state: 'none' })
  slow.resolve('done')
  expect(await reload).toBe('done')
})

test('a handler that fails is a refusal with its sentence', async () => {
  const reload = askAgent(path, 'reload', 20)
  slow.reject(new Error('it did not work'))
  await expect(reload).rejects.toMatchObject({ code: 'CONTROL_FAILED', what: 'it did not work' })
})

test('no answer in time is said', async () => {
  expect(await codeOf(askAgent(path, 'reload', 0.1))).toBe('CONTROL_FAILED')
})

test.each([
  '',
  '{',
  '[]',
  'null',
  '{"version":2,"command":"status"}',
  '{"version":1,"command":"format"}',
  '{"version":1}',
])('the line %j is refused with a sentence, and the connection closed', async (line) => {
  const answer = JSON.parse(await exchange(`${line}\n`)) as { ok: boolean; error: string }
  expect(answer.ok).toBe(false)
  expect(answer.error).toMatch(/./)
  expect(typeof parseControlRequest(line)).toBe('string')
})

test('a request without end costs no memory', async () => {
  expect(await exchange('x'.repeat(longestControlLine * 4))).toContain('at most 4096 bytes')
})

test('more requests a second than allowed are refused', async () => {
  const answer = await exchange('{"version":1,"command":"status"}\n'.repeat(controlRate + 1))
  expect(answer).toContain('too many requests')
  expect(answer.split('"ok":true')).toHaveLength(controlRate + 1)
})

test('subscribers get every event', async () => {
  const heard = exchange('{"version":1,"command":"subscribe"}\n', 3)
  await expect.poll(() => server.publish({ event: 1 }) ?? true).toBe(true)
  const timer = setInterval(() => server.publish({ event: 2 }), 20)
  const text = await heard
  clearInterval(timer)
  expect(text.split('\n').slice(0, 2)).toEqual(['{"version":1,"ok":true}', '{"event":2}'])
})

test('100 000 lines of random bytes are answered by a sentence each, none by an exception', () => {
  const random = new SeededRandom(4711)
  const seeds = ['{"version":1,"command":"status"}', '{"version":1,"command":"reload"}']
  for (let turn = 0; turn < 100_000; turn += 1) {
    const bytes = Buffer.from(random.pick(seeds))
    for (let flip = random.below(4); flip >= 0; flip -= 1) bytes[random.below(bytes.length)] = random.below(256)
    const request = parseControlRequest(bytes.toString('utf8'))
    if (typeof request === 'string') expect(request.length).toBeGreaterThan(0)
    else expect(request.version).toBe(1)
  }
})

test('lines come out the same however the stream is cut', () => {
  const random = new SeededRandom(42)
  const text = 'one\n\nzwölf\n€uro\nlast'
  const bytes = Buffer.from(text)
  for (let turn = 0; turn < 500; turn += 1) {
    const lines: string[] = []
    const reader = new LineReader(
      100,
      (line) => lines.push(line),
      () => lines.push('too long'),
    )
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, at + 1 + random.below(5))
      reader.push(bytes.subarray(at, end))
      at = end
    }
    expect(lines).toEqual(['one', '', 'zwölf', '€uro'])
  }
})
