import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { PolagentError } from '../../src/base/errors.ts'
import { LocalStore, type LocalStoreOptions } from '../../src/stores/localStore.ts'
import { type StateDirectory, stateDirectoryOf } from '../../src/stores/stateDirectory.ts'
import { lineCodec, namesOf, withName } from '../support/lineStoreCodec.ts'

let root = ''
let directory: StateDirectory
let clock = 0

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'polagent-store-'))
  directory = stateDirectoryOf(join(root, 'state'), {})
  clock = 0
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function store(more: Partial<LocalStoreOptions> = {}): LocalStore {
  return new LocalStore({ directory, codec: lineCodec, now: tick, waitSeconds: 0, ...more })
}

function tick(): string {
  clock += 1
  return new Date(clock * 1000).toISOString()
}

function filesIn(path: string): string[] {
  return (readdirSync(path, { recursive: true }) as string[]).toSorted()
}

async function add(name: string, more: Partial<LocalStoreOptions> = {}): Promise<number | undefined> {
  const update = await store(more).update((stores) => withName(stores, name), `add ${name}`)
  return update.generation?.number
}

function names(): string[] {
  return namesOf(store().read().stores)
}

/** The code a promise or call fails with. */
async function codeOf(work: () => unknown): Promise<[string, number | undefined]> {
  try {
    await work()
  } catch (error) {
    const { code, win32 } = error as PolagentError
    return [code, win32]
  }
  return ['none', undefined]
}

describe('changes', () => {
  test('the first one makes the store, readable by its owner only', async () => {
    expect(await codeOf(() => store().read())).toEqual(['STORE_MISSING', 2])
    expect(await add('A')).toBe(1)
    expect(names()).toEqual(['A'])
    expect(filesIn(root)).toEqual([
      'state',
      'state/store',
      'state/store/generations',
      'state/store/generations/000001.hive',
      'state/store/generations/index.jsonl',
      'state/store/policy.hive',
    ])
  })

  test('each is a generation with its reason; the oldest are forgotten', async () => {
    for (const name of ['A', 'B', 'C', 'D']) await add(name, { generationsKept: 2 })
    const { generations, isChangedOutside } = store().history()
    expect(generations.map(({ number, reason }) => [number, reason])).toEqual([
      [3, 'add C'],
      [4, 'add D'],
    ])
    expect(isChangedOutside).toBe(false)
    expect(readdirSync(directory.generations).toSorted()).toEqual(['000003.hive', '000004.hive', 'index.jsonl'])
  })

  test('one that comes to nothing makes no generation', async () => {
    await add('A')
    const same = await store().update((stores) => stores, 'nothing')
    expect(same.generation).toBeUndefined()
    const equal = await store().update((stores) => [...stores], 'nothing')
    expect(equal.generation).toBeUndefined()
    expect(store().history().generations).toHaveLength(1)
  })

  test('one that throws changes nothing and leaves nothing behind', async () => {
    await add('A')
    const before = filesIn(directory.store)
    await expect(
      store().update(() => {
        throw new TypeError('a mistake')
      }, 'fail'),
    ).rejects.toThrow(TypeError)
    expect(names()).toEqual(['A'])
    expect(filesIn(directory.store)).toEqual(before)
  })

  test('what the codec cannot read back never becomes the store', async () => {
    await add('A')
    const codec = { ...lineCodec, write: () => Buffer.from('cut') }
    expect((await codeOf(() => add('B', { codec })))[0]).toBe('BLOB_TRUNCATED')
    expect(names()).toEqual(['A'])
    expect(readdirSync(directory.generations)).toHaveLength(2)
  })

  test('eight at once in one process all take effect', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, n) => add(`P${n}`, { waitSeconds: 20 })))
    expect(names().toSorted()).toEqual(Array.from({ length: 8 }, (_, n) => `P${n}`))
  })

  test('while another process holds the lock, a change fails clearly', async () => {
    await add('A')
    let inner: [string, number | undefined] = ['', 0]
    await store().update((stores) => {
      // Still inside: the lock is held.
      void codeOf(() => add('B')).then((code) => (inner = code))
      return withName(stores, 'C')
    }, 'outer')
    await expect.poll(() => inner).toEqual(['STORE_BUSY', 170])
  })
})

describe('edits by others', () => {
  test('become a generation of their own at the next change, and are built upon', async () => {
    await add('A')
    writeFileSync(directory.hive, 'A\nEdited\n.\n')
    expect(store().history().isChangedOutside).toBe(true)
    expect(await add('B')).toBe(3)
    expect(names()).toEqual(['A', 'Edited', 'B'])
    expect(
      store()
        .history()
        .generations.map(({ reason }) => reason),
    ).toEqual(['add A', 'changed outside polagent', 'add B'])
  })

  test('between reading and writing are not lost either', async () => {
    await add('A')
    let turn = 0
    await store().update((stores) => {
      turn += 1
      if (turn === 1) writeFileSync(directory.hive, 'A\nEdited\n.\n')
      return withName(stores, 'B')
    }, 'add B')
    expect(names()).toEqual(['A', 'Edited', 'B'])
  })

  test('that never end make the change fail, not the edits', async () => {
    await add('A')
    let turn = 0
    const change = (): unknown =>
      store().update((stores) => {
        turn += 1
        writeFileSync(directory.hive, `A\nEdit ${turn}\n.\n`)
        return withName(stores, 'B')
      }, 'add B')
    expect(await codeOf(change)).toEqual(['STORE_BUSY', 170])
    expect(names()).toEqual(['A', `Edit ${turn}`])
  })

  test('empty transaction logs that lay beside the hive once its content is in it', async () => {
    await add('A')
    writeFileSync(`${directory.hive}.LOG1`, 'old transactions')
    await add('B')
    expect(readFileSync(`${directory.hive}.LOG1`, 'utf8')).toBe('')
  })
})

describe('damage', () => {
  test.each([
    ['A\ndamaged\n.\n', 'says that something may be lost'],
    ['A\nB', 'cannot be read at all'],
  ])('a store that %j %s is not built upon, and an older one can be restored', async (content) => {
    await add('A')
    await add('B')
    writeFileSync(directory.hive, content)
    expect((await codeOf(() => add('C')))[0]).toBe('STORE_DAMAGED')
    expect(readFileSync(directory.hive, 'utf8')).toBe(content)
    const { from } = await store().restore(undefined)
    expect(from.number).toBe(2)
    expect(names()).toEqual(['A', 'B'])
    // The damaged state is kept as well.
    expect(
      store()
        .history()
        .generations.map(({ reason }) => reason),
    ).toEqual(['add A', 'add B', 'changed outside polagent', 'restore generation 2'])
  })

  test('a directory in the place of the hive is access denied, as on Windows', async () => {
    await add('A')
    rmSync(directory.hive)
    mkdirSync(directory.hive)
    expect(await codeOf(() => store().read())).toEqual(['INPUT_NOT_A_FILE', 5])
    expect((await codeOf(() => add('B')))[0]).toBe('INPUT_NOT_A_FILE')
  })

  test('a state directory that is a file is said to be unusable', async () => {
    writeFileSync(directory.root, '')
    expect((await codeOf(() => add('A')))[0]).toBe('STATE_DIRECTORY_UNUSABLE')
  })

  test('a link that leads nowhere is a missing store', async () => {
    await add('A')
    rmSync(directory.hive)
    symlinkSync('/nonexistent/policy.hive', directory.hive)
    expect(await codeOf(() => store().read())).toEqual(['STORE_MISSING', 2])
  })
})

describe('history', () => {
  test('restore goes to a number or to the state before; twice is there and back', async () => {
    for (const name of ['A', 'B', 'C']) await add(name)
    await store().restore(1)
    expect(names()).toEqual(['A'])
    await store().restore(undefined)
    expect(names()).toEqual(['A', 'B', 'C'])
    await store().restore(undefined)
    expect(names()).toEqual(['A'])
    expect(await codeOf(() => store().restore(77))).toEqual(['GENERATION_NOT_FOUND', 2])
  })

  test('restoring the present state makes no generation', async () => {
    await add('A')
    expect((await store().restore(1)).generation).toBeUndefined()
  })

  test('a generation whose file was altered is not restored', async () => {
    await add('A')
    await add('B')
    writeFileSync(join(directory.generations, '000001.hive'), 'X\n.\n')
    expect((await codeOf(() => store().restore(1)))[0]).toBe('GENERATION_NOT_FOUND')
    expect(names()).toEqual(['A', 'B'])
  })

  test('a change cut off after the hive was written keeps its file and gets a line', async () => {
    await add('A')
    const index = join(directory.generations, 'index.jsonl')
    const before = readFileSync(index)
    await add('B')
    writeFileSync(index, before)
    expect(await add('C')).toBe(3)
    expect(
      store()
        .history()
        .generations.map(({ number, reason }) => [number, reason]),
    ).toEqual([
      [1, 'add A'],
      [2, 'change that was cut off after writing'],
      [3, 'add C'],
    ])
  })

  test('a change cut off before the hive was written leaves no trace', async () => {
    await add('A')
    writeFileSync(join(directory.generations, '000002.hive'), 'A\nnever\n.\n')
    writeFileSync(`${directory.hive}.99.tmp`, 'half')
    expect(await add('B')).toBe(2)
    expect(names()).toEqual(['A', 'B'])
    expect(existsSync(`${directory.hive}.99.tmp`)).toBe(false)
    expect(readdirSync(directory.generations)).toHaveLength(3)
  })

  test('lines that cannot be read do not cost the files they were about', async () => {
    await add('A')
    await add('B')
    writeFileSync(join(directory.generations, 'index.jsonl'), 'not json\n{"number":"x"}\n')
    await add('C')
    expect(existsSync(join(directory.generations, '000001.hive'))).toBe(true)
    expect(existsSync(join(directory.generations, '000002.hive'))).toBe(true)
  })
})
