import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

export const checkout = resolve(import.meta.dirname, '../..')
export const launcher = resolve(checkout, 'polagent')

export interface PolagentRun {
  readonly out: string
  readonly bytes: Buffer
  readonly err: string
  /** Exit status; -1 when a signal ended it. */
  readonly status: number
  readonly seconds: number
  /** Largest resident size seen. Mebibytes. */
  readonly peakMegabytes: number
}

export interface PolagentInput {
  readonly stdin?: Uint8Array | string
  readonly env?: Readonly<Record<string, string>>
  readonly timeoutSeconds?: number
  /** Another user to run as; root only. */
  readonly uid?: number
}

/** Runs ./polagent as a person would. The promise rejects when it does not end in time. */
export function polagent(args: readonly string[], input: PolagentInput = {}): Promise<PolagentRun> {
  return new Promise((done, fail) => {
    const start = performance.now()
    const child = spawn(launcher, args, {
      env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...input.env },
      ...(input.uid === undefined ? {} : { uid: input.uid, gid: input.uid }),
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    let peak = 0
    const watch = setInterval(() => {
      peak = Math.max(peak, peakMegabytes(child.pid))
    }, 10)
    const timeoutSeconds = input.timeoutSeconds ?? 60
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      fail(new Error(`polagent ${args.join(' ')} did not end within ${timeoutSeconds} s`))
    }, timeoutSeconds * 1000)
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    // It may end before it has read everything.
    child.stdin.on('error', () => {})
    child.stdin.end(input.stdin ?? '')
    child.on('error', fail)
    child.on('close', (code) => {
      clearInterval(watch)
      clearTimeout(timer)
      const bytes = Buffer.concat(out)
      done({
        out: bytes.toString('utf8'),
        bytes,
        err: Buffer.concat(err).toString('utf8'),
        status: code ?? -1,
        seconds: (performance.now() - start) / 1000,
        peakMegabytes: peak,
      })
    })
  })
}

function peakMegabytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}
