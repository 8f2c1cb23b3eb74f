import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import type { AttemptAnswer, AttemptRequest } from './attemptProtocol.ts'
import { failureCode, failureCodeOf } from './failureCodes.ts'
import type { Failure } from './policySource.ts'

export interface AttemptProcessOptions {
  /** The program that answers requests, and its arguments. */
  readonly entry: string
  readonly args: readonly string[]
  /** Memory for policy data. Mebibytes. */
  readonly memoryLimit: number
  /** Longest time for one request. Seconds. */
  readonly timeoutSeconds: number
}

/** Answer of the process, or why there is none. */
export type AttemptReply = AttemptAnswer | { readonly op: 'lost'; readonly failure: Failure }

/** Room for the program itself beside the policy data. Mebibytes. */
const programMemory = 96

/**
 * The short-lived process that reads, processes and applies policy. Policies of any size and damage are handled there,
 * so that the agent itself stays small and cannot be taken down by one: when the process comes to the end of its memory,
 * or the system kills it, that is an answer with error 14.
 */
export class AttemptProcess {
  readonly #options: AttemptProcessOptions
  readonly #child: ChildProcess
  #isOverLimit = false
  #isLate = false
  #waiting: ((reply: AttemptReply) => void) | undefined
  #lost: Failure | undefined
  #errorText = ''

  constructor(options: AttemptProcessOptions) {
    this.#options = options
    this.#child = fork(options.entry, [...options.args], {
      execArgv: [`--max-old-space-size=${options.memoryLimit}`, '--max-semi-space-size=2'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'json',
    })
    this.#child.on('error', (error) => this.#end({ win32: failureCodeOf(error), reason: startFailure(error) }))
    this.#child.on('message', (message) => this.#settle(message as AttemptAnswer))
    this.#child.on('exit', (code, signal) => this.#end(this.#exitFailure(code, signal)))
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#errorText = (this.#errorText + chunk.toString('latin1')).slice(-4096)
    })
    preferAsVictim(this.#child.pid)
  }

  /** One request at a time. Never rejects. */
  ask(request: AttemptRequest): Promise<AttemptReply> {
    if (this.#lost !== undefined) return Promise.resolve({ op: 'lost', failure: this.#lost })
    return new Promise((resolve) => {
      const watch = setInterval(() => this.#watchMemory(), 50)
      const timer = setTimeout(() => {
        this.#isLate = true
        this.#child.kill('SIGKILL')
      }, this.#options.timeoutSeconds * 1000)
      this.#waiting = (reply) => {
        clearInterval(watch)
        clearTimeout(timer)
        resolve(reply)
      }
      this.#child.send(request, (error) => {
        if (error !== null)
          this.#end({ win32: failureCode.internal, reason: 'the process that works on policy is gone' })
      })
    })
  }

  /** Ends the process; it holds nothing that is still needed. */
  dispose(): void {
    this.#waiting = undefined
    this.#child.kill('SIGKILL')
  }

  #settle(reply: AttemptReply): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.(reply)
  }

  #end(failure: Failure): void {
    this.#lost ??= failure
    this.#settle({ op: 'lost', failure: this.#lost })
  }

  /** Buffers lie outside the limit that V8 keeps, so the resident size is watched as well. */
  #watchMemory(): void {
    const { pid } = this.#child
    const resident = pid === undefined ? undefined : residentMebibytes(pid)
    if (resident === undefined || resident <= this.#options.memoryLimit + programMemory) return
    this.#isOverLimit = true
    this.#child.kill('SIGKILL')
  }

  #exitFailure(code: number | null, signal: NodeJS.Signals | null): Failure {
    if (this.#isLate)
      return { win32: failureCode.timeout, reason: `no result after ${this.#options.timeoutSeconds} seconds` }
    const isHeapFull = /out of memory|OOM|allocation fail/i.test(this.#errorText)
    // Only the kernel's out-of-memory killer and we ourselves send SIGKILL to this process.
    if (
      this.#isOverLimit ||
      isHeapFull ||
      signal === 'SIGKILL' ||
      signal === 'SIGABRT' ||
      code === 134 ||
      code === 137
    ) {
      return {
        win32: failureCode.outOfMemory,
        reason: `the policy needs more memory than there is (limit ${this.#options.memoryLimit} MB)`,
      }
    }
    return {
      win32: failureCode.internal,
      reason: `the process that works on policy ended (${signal ?? `status ${code}`})`,
    }
  }
}

function startFailure(error: Error): string {
  const isMemory = failureCodeOf(error) === failureCode.notEnoughMemory
  return isMemory
    ? 'no memory to start a process'
    : `the process that works on policy cannot be started: ${error.message}`
}

/** When memory runs out, the kernel shall end this process and not the agent. */
function preferAsVictim(pid: number | undefined): void {
  try {
    if (pid !== undefined) writeFileSync(`/proc/${pid}/oom_score_adj`, '1000')
  } catch {
    // Not on this system; the limits above still hold.
  }
}

function residentMebibytes(pid: number): number | undefined {
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * 4096) / 1_048_576
  } catch {
    return undefined
  }
}
