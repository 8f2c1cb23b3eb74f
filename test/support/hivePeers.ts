import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readReg } from '../../src/formats/reg/index.ts'
import type { RegistryKey } from '../../src/policy/registryValue.ts'

/** What an export of a tool says of one value. */
export interface FlatValue {
  readonly name: string
  readonly type: number
  readonly hex: string
}

/** Values by the path of their key, sorted by name; keys without values too. The root has the path ''. */
export type FlatTree = Readonly<Record<string, readonly FlatValue[]>>

/** A tree as keys and values in one table, for comparison with what tools say. */
export function flatTree(root: RegistryKey): FlatTree {
  const flat: Record<string, FlatValue[]> = {}
  const waiting = [{ key: root, path: '' }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { key, path } = next
    flat[path] = key.values
      .map(({ name, type, data }) => ({ name, type, hex: Buffer.from(data).toString('hex') }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    for (const subkey of key.subkeys) {
      waiting.push({ key: subkey, path: path === '' ? subkey.name : `${path}\\${subkey.name}` })
    }
  }
  return flat
}

/** Hives on disk for tools to work on, in a directory that goes away with `end`. */
export class HivePeers {
  readonly directory = mkdtempSync(join(tmpdir(), 'polagent-hives-'))

  end(): void {
    rmSync(this.directory, { recursive: true })
  }

  path(name: string): string {
    return join(this.directory, name)
  }

  put(name: string, bytes: Uint8Array): string {
    writeFileSync(this.path(name), bytes)
    return this.path(name)
  }

  read(name: string): Uint8Array {
    return readFileSync(this.path(name))
  }

  /** `hivexregedit --export`: everything, strings as hex. */
  hivexTree(hive: string): FlatTree {
    const text = run('hivexregedit', ['--export', '--prefix', 'HKEY_LOCAL_MACHINE\\X', hive, '\\'])
    return exportedTree(text.replace('HKEY_LOCAL_MACHINE\\X\\]', 'HKEY_LOCAL_MACHINE\\X]'))
  }

  hivexMerge(hive: string, reg: string): void {
    writeFileSync(this.path('merge.reg'), reg)
    run('hivexregedit', ['--merge', '--prefix', 'HKEY_LOCAL_MACHINE\\X', hive, this.path('merge.reg')])
  }

  /** Commands of the hivex shell; `commit` must be among them for changes to stay. */
  hivexShell(hive: string, commands: readonly string[]): string {
    return run('hivexsh', ['-w', hive], `${commands.join('\n')}\n`)
  }

  /** `reged -x`: everything. */
  regedTree(hive: string): FlatTree {
    const exported = this.path('reged.reg')
    rmSync(exported, { force: true })
    run('reged', ['-x', hive, 'HKEY_LOCAL_MACHINE\\X', '\\', exported])
    return exportedTree(readFileSync(exported, 'utf8'))
  }

  /** `reged -I -C`; it ends with status 2 when it has changed the hive. */
  regedMerge(hive: string, reg: string): void {
    writeFileSync(this.path('import.reg'), reg)
    run('reged', ['-I', '-C', hive, 'HKEY_LOCAL_MACHINE\\X', this.path('import.reg')], '', [0, 2])
  }

  /** `reglookup`: path, type word and value of each key and value. */
  reglookupRows(hive: string): { readonly path: string; readonly type: string; readonly value: string }[] {
    const lines = run('reglookup', [hive]).split('\n').slice(1, -1)
    return lines.map((line) => {
      const [path = '', type = '', value = ''] = line.split(',')
      return { path: unescaped(path), type, value: value === '(null)' ? '' : value }
    })
  }
}

/** Bytes that reglookup writes as %XX, as Latin-1. */
export function unescaped(text: string): string {
  return text.replaceAll(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function exportedTree(text: string): FlatTree {
  const { root } = readReg(Uint8Array.from(Buffer.from(text)))
  const machine = root.subkeys.find((key) => key.name === 'HKEY_LOCAL_MACHINE')
  const top = machine?.subkeys.find((key) => key.name === 'X')
  if (top === undefined) throw new Error(`the export holds nothing: ${text.slice(0, 200)}`)
  return flatTree(top)
}

function run(program: string, args: readonly string[], input = '', statuses: readonly number[] = [0]): string {
  try {
    return execFileSync(program, args, { input, encoding: 'utf8', maxBuffer: 256 * 1_048_576, stdio: 'pipe' })
  } catch (error) {
    const failure = error as { status?: number | null; stdout?: string; stderr?: string }
    if (typeof failure.status === 'number' && statuses.includes(failure.status)) return failure.stdout ?? ''
    throw new Error(`${program} failed (${failure.status}): ${failure.stderr ?? ''}${failure.stdout ?? ''}`, {
      cause: error,
    })
  }
}
