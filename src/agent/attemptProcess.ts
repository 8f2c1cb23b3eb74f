import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import type { AttemptAnswer, AttemptRequest } from './attemptProtocol.ts'
import { failureCode, failureCodeOf } from './failureCodes.ts'
import { programMemory } from './memoryLimit.ts'
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

/** With less than this for its heap V8 crashes instead of saying that memory is out. Mebibytes. */
const smallestHeap = 8
/** What is kept of the process's complaints: V8 says in its first lines that memory is out. Bytes. */
const keptErrorText = 16_384

/**
 * The short-lived process that reads, processes and applies policy. Policies of any size and damage are handled there,
 * so that the agent itself stays small and cannot be taken down by one: when the process comes to the end of its memory,
 * that is an answer with error 14, and when the system gives it none or kills it, one with error 8.
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
    const limits = [`--max-old-space-size=${Math.max(smallestHeap, options.memoryLimit)}`, '--max-semi-space-size=2']
    // V8 aborts when its memory is used up; a core dump would put preshared keys on the disk.
    const withoutCore = ['-c', 'ulimit -c 0; exec "$0" "$@"', process.execPath]
    this.#child = spawn('/bin/sh', [...withoutCore, ...limits, options.entry, ...options.args], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'json',
    })
    this.#child.on('error', (error) => this.#end({ win32: failureCodeOf(error), reason: startFailure(error) }))
    this.#child.on('message', (message) => this.#settle(message as AttemptAnswer))
    // After its last words: 'exit' may come before them.
    this.#child.on('close', (code, signal) => this.#end(this.#exitFailure(code, signal)))
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      if (this.#errorText.length < keptErrorText) this.#errorText += chunk.toString('latin1')
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
    const limit = `limit ${this.#options.memoryLimit} MB`
    if (this.#isOverLimit || /heap limit|JavaScript (?:heap )?out of memory/i.test(this.#errorText)) {
      return { win32: failureCode.outOfMemory, reason: `the policy needs more memory than it may use (${limit})` }
    }
    // Besides us only the kernel sends SIGKILL to this process, when memory runs out; V8 traps when it gets none.
    const isStarved =
      signal === 'SIGKILL' ||
      signal === 'SIGTRAP' ||
      signal === 'SIGILL' ||
      /out of memory|cannot allocate|bad_alloc|mmap|allocation fail/i.test(this.#errorText)
    if (isStarved) {
      return { win32: failureCode.notEnoughMemory, reason: 'the system gave not enough memory to work on the policy' }
    }
    return {
      win32: failureCode.internal,
      reason: `the process that works on policy ended (${signal ?? `status ${code}`})${this.#complaint()}`,
    }
  }

  /** The sentence of an uncaught error, without its stack. */
  #complaint(): string {
    const sentence = /^(?:\w*Error|FATAL ERROR)\b.*$/m.exec(this.#errorText)?.[0]
    return sentence === undefined ? '' : `: ${sentence.slice(0, 200)}`
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
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
    return kibibytes === undefined ? undefined : Number(kibibytes) / 1024
  } catch {
    return undefined
  }
}
