import { AttemptProcess, type AttemptReply } from './attemptProcess.ts'
import type { AttemptRequest } from './attemptProtocol.ts'
import { failureCode } from './failureCodes.ts'
import { hiveFilesIdentity, sizeOf } from './fileIdentity.ts'
import { memoryLimitNow } from './memoryLimit.ts'
import type { ApplyResult, LoadResult, PolicySource, SourceName } from './policySource.ts'

export interface StoreSourceOptions {
  /** The hive file of the local store. */
  readonly hive: string
  /** Program and arguments of the process that works on policy. */
  readonly entry: string
  readonly args: readonly string[]
  /** Mebibytes. */
  readonly memoryLimit: number
  readonly timeoutSeconds: number
}

/**
 * Persistent and local policy from the hive in the state directory, worked on in a process of its own per attempt. A
 * poll that finds the file exactly as it was when it was read last needs no process at all.
 */
export class StoreSource implements PolicySource {
  readonly #options: StoreSourceOptions
  #process: AttemptProcess | undefined
  /** Per source: which file the answer came from, and with which digest. */
  readonly #seen = new Map<SourceName, { readonly file: string; readonly digest: string }>()
  /** Why the store could not be read in this attempt: all sources lie in it, so it is not read again for the next one. */
  #storeFailure: Extract<LoadResult, { kind: 'failed' }> | undefined

  constructor(options: StoreSourceOptions) {
    this.#options = options
  }

  async load(source: SourceName, knownDigest: string | undefined): Promise<LoadResult> {
    if (this.#storeFailure !== undefined) return this.#storeFailure
    const result = await this.#loadAnew(source, knownDigest)
    if (result.kind === 'failed' && result.scope === 'store') this.#storeFailure = result
    return result
  }

  async #loadAnew(source: SourceName, knownDigest: string | undefined): Promise<LoadResult> {
    const file = hiveFilesIdentity(this.#options.hive)
    const seen = this.#seen.get(source)
    if (knownDigest !== undefined && seen?.file === file && seen.digest === knownDigest) return { kind: 'unchanged' }
    const tooLarge = this.#sizeFailure()
    if (tooLarge !== undefined) return tooLarge
    const reply = await this.#ask({ op: 'load', source, ...(knownDigest === undefined ? {} : { knownDigest }) })
    if (reply.op !== 'load') return { kind: 'failed', scope: 'store', ...failureOf(reply) }
    const digest = reply.result.kind === 'policy' ? reply.result.policy.digest : knownDigest
    const isKnown = reply.result.kind === 'policy' || reply.result.kind === 'unchanged'
    if (isKnown && digest !== undefined) this.#seen.set(source, { file, digest })
    else this.#seen.delete(source)
    return reply.result
  }

  async apply(source: SourceName, what: 'policy' | 'nothing'): Promise<ApplyResult> {
    const reply = await this.#ask({ op: 'apply', source, what })
    return reply.op === 'apply' ? reply.result : { kind: 'none', ...failureOf(reply) }
  }

  endAttempt(): void {
    this.#endProcess()
    this.#storeFailure = undefined
  }

  #endProcess(): void {
    this.#process?.dispose()
    this.#process = undefined
  }

  async #ask(request: AttemptRequest): Promise<AttemptReply> {
    const { entry, args, memoryLimit, timeoutSeconds } = this.#options
    try {
      this.#process ??= new AttemptProcess({ entry, args, memoryLimit: memoryLimitNow(memoryLimit), timeoutSeconds })
    } catch (error) {
      return { op: 'lost', failure: { win32: failureCode.notEnoughMemory, reason: (error as Error).message } }
    }
    const reply = await this.#process.ask(request)
    // A lost process answers nothing more; the next request of this attempt begins with a new one.
    if (reply.op === 'lost') this.#endProcess()
    return reply
  }

  /** A file larger than the memory there is cannot be read; saying so needs no process. */
  #sizeFailure(): LoadResult | undefined {
    const limit = memoryLimitNow(this.#options.memoryLimit)
    const size = sizeOf(this.#options.hive)
    if (size === undefined || size <= limit * 1_048_576) return undefined
    const reason = `the store has ${Math.ceil(size / 1_048_576)} MB, policy may use ${limit} MB of memory`
    return { kind: 'failed', scope: 'store', win32: failureCode.outOfMemory, reason }
  }
}

function failureOf(reply: AttemptReply): { win32: number; reason: string } {
  return reply.op === 'lost' ? reply.failure : { win32: failureCode.internal, reason: 'answer to another request' }
}
