import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  interpretLine,
  readNetshScript,
  type SessionContext,
  type ShellState,
  startState,
  StaticSession,
  type LineResult,
  faultOutput,
} from '../../src/formats/netsh/index.ts'
import { emptyStore, policySetOf } from '../../src/formats/object-store/index.ts'
import type { PolicyArea, PolicySet } from '../../src/policy/model.ts'
import type { ObjectStore } from '../../src/policy/storedObject.ts'
import { countedContext } from './sampleStore.ts'

export function netshContext(first = 0x1000): SessionContext {
  const { newId, whenChanged } = countedContext(first)
  return { newId, whenChanged, machine: 'WIN', formatTime: (seconds) => `time ${seconds}` }
}

export function exampleScript(name: string): Uint8Array {
  return readFileSync(join(import.meta.dirname, '../data/netsh', name))
}

/** A script as the SOURCE of policy. */
export function readScript(script: string | Uint8Array) {
  const bytes = typeof script === 'string' ? new TextEncoder().encode(script) : script
  return readNetshScript(bytes, countedContext())
}

export function setOfScript(script: string | Uint8Array): PolicySet {
  const { stores, findings } = readScript(script)
  return policySetOf({ source: 'script', format: 'netsh', stores, findings })
}

export function areaOfStore(store: ObjectStore): PolicyArea {
  const [area] = policySetOf({ source: 'store', format: 'netsh', stores: [store] }).areas
  if (area === undefined) throw new Error('the store gave no area')
  return area
}

/** A session at the prompt `netsh ipsec static>`: what lines print, and the store they leave. */
export class StaticPrompt {
  readonly session: StaticSession
  #state: ShellState = interpretLine(startState, 'ipsec static').state

  constructor(store: ObjectStore = emptyStore('local'), context: SessionContext = netshContext()) {
    this.session = new StaticSession(store, context)
  }

  result(line: string): LineResult {
    const step = interpretLine(this.#state, line)
    this.#state = step.state
    return step.result
  }

  /** What the line prints on standard output. */
  run(line: string): string {
    const result = this.result(line)
    if (result.kind === 'fault') return faultOutput(result.fault)
    if (result.kind !== 'command') return ''
    const { command } = result
    if (!command.kind.startsWith('static ')) throw new Error(`no static command: ${command.kind}`)
    return this.session.run(command as Parameters<StaticSession['run']>[0]).output
  }

  /** Runs lines that must all be done. */
  do(...lines: readonly string[]): this {
    for (const line of lines) {
      const output = this.run(line)
      if (output.includes('ERR')) throw new Error(`${line}: ${output}`)
    }
    return this
  }

  area(): PolicyArea {
    return areaOfStore(this.session.store())
  }
}
