import { PolagentError } from '../../base/errors.ts'
import type { Finding } from '../../base/finding.ts'
import type { RegistryKey } from '../../policy/registryValue.ts'
import { type BaseBlock, readBaseBlock } from './baseBlock.ts'
import { binLength, findBins } from './bins.ts'
import { type Cell, Cells } from './cells.ts'
import { findRoot } from './findRoot.ts'
import type { HiveContext } from './hiveContext.ts'
import { HiveFindings } from './hiveFindings.ts'
import { HiveKey } from './hiveKey.ts'
import type { HiveInfo, HiveReading, HiveTotals } from './hiveReading.ts'
import { keyCellAt, parentOf } from './keyNode.ts'
import { baseBlockLength, magic, pageLength } from './layout.ts'
import { quoted } from './values.ts'
import { type RecoveredHive, recoverHive, unmendedHive } from './recovery.ts'
import { KeyWalk } from './walkKeys.ts'

/** Bytes that are looked at to recognise a hive. */
const lookedAt = 65_536

/** Whether the bytes begin like a hive: `regf`, or a bin at its place behind a damaged base block and damaged bins. */
export function isHive(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, true) === magic.regf) return true
  for (let at = 0; at < lookedAt - baseBlockLength; at += pageLength) if (binLength(view, at) !== undefined) return true
  return false
}

/**
 * Opens a hive, with the changes in its logs added when it is dirty. `logs` are the contents of its .LOG, .LOG1 and .LOG2
 * as far as they exist; which is which is told by their content.
 *
 * readHive(bytes, []).root.subkeys.map((key) => key.name)
 * // → [ 'Microsoft', 'Policies' ]
 */
export function readHive(input: Uint8Array, logs: readonly Uint8Array[]): HiveReading {
  // Parts of the file are handed out as they are; those of a Node Buffer would be Buffers.
  const bytes = new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
  if (!isHive(bytes)) throw new PolagentError('HIVE_NOT_A_HIVE', { offset: 0, what: 'it does not begin with "regf"' })
  const base = readBaseBlock(bytes)
  if (base !== undefined && isLog(bytes, base)) {
    throw new PolagentError('HIVE_IS_A_LOG', { offset: 28, what: `its file type is ${base.fileType}` })
  }
  const findings = new HiveFindings()
  const recovered = recoverHive(bytes, logs, findings)
  const opened = openTree(recovered, findings)
  if (opened.rootCell !== undefined || recovered.logs.length === 0) return new OpenHive(opened)
  // Old logs have no sums over their pages: one that leaves nothing to read is worse than none.
  const unmended = new HiveFindings()
  unmended.add('HIVE_LOG_UNUSABLE', { offset: 0, what: 'no root key would be left with its changes' })
  return new OpenHive(openTree(unmendedHive(bytes, unmended), unmended))
}

interface OpenedTree {
  readonly hive: HiveContext
  readonly info: HiveInfo
  readonly rootCell: Cell | undefined
}

function openTree(recovered: RecoveredHive, findings: HiveFindings): OpenedTree {
  const { base, bytes } = recovered
  const minor = usedVersion(base, findings)
  const bins = findBins(bytes, base, findings)
  const cells = new Cells(bins, minor <= 1 ? 8 : 4, findings)
  let byParent: Map<number, number[]> | undefined
  const hive: HiveContext = {
    bytes,
    view: bins.view,
    cells,
    findings,
    minor,
    deleted: false,
    security: new Map(),
    keysByParent: () => (byParent ??= indexByParent(hive)),
    budget: { bigData: bins.size, lookups: 1_000_000 + bins.size / 4 },
  }
  const info: HiveInfo = {
    majorVersion: base.majorVersion,
    minorVersion: base.minorVersion,
    fileName: base.fileName,
    lastWritten: base.lastWritten,
    binsSize: bins.size,
    wasDirty: recovered.wasDirty,
    logs: recovered.logs,
  }
  return { hive, info, rootCell: findRoot(hive, base) }
}

/** File types of logs (registry-store.md 5.1): the old form, the one of Windows 2000, the new form. [D] */
const logFileTypes: ReadonlySet<number> = new Set([1, 2, 6])

/** A log has the first sector of a hive, but no bins behind it. */
function isLog(bytes: Uint8Array, base: BaseBlock): boolean {
  if (!base.isSigned || !logFileTypes.has(base.fileType)) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return binLength(view, 0) === undefined
}

/** The minor version whose rules are followed. */
function usedVersion(base: BaseBlock, findings: HiveFindings): number {
  if (!base.isSigned) return 5
  const { majorVersion, minorVersion } = base
  if (majorVersion !== 1 || minorVersion < 3 || minorVersion > 6) {
    findings.add('HIVE_VERSION', { offset: 20, what: `${majorVersion}.${minorVersion}` })
  }
  if ((base.flags & 1) !== 0 && base.isChecksumRight) findings.add('HIVE_TRANSACTIONS_PENDING', { offset: 144 })
  return majorVersion === 1 ? Math.min(minorVersion, 6) : 5
}

function indexByParent(hive: HiveContext): Map<number, number[]> {
  const index = new Map<number, number[]>()
  for (const offset of hive.cells.keyOffsets(false)) {
    const cell = keyCellAt(hive, offset)
    if (typeof cell === 'string') continue
    const parent = parentOf(hive, cell)
    const known = index.get(parent)
    if (known === undefined) index.set(parent, [offset])
    else known.push(offset)
  }
  return index
}

class OpenHive implements HiveReading {
  readonly root: RegistryKey
  readonly info: HiveInfo
  readonly #hive: HiveContext
  readonly #root: HiveKey | undefined
  #totals: HiveTotals | undefined
  #orphans: readonly HiveKey[] | undefined
  #deleted: readonly HiveKey[] | undefined

  constructor({ hive, info, rootCell }: OpenedTree) {
    this.#hive = hive
    this.info = info
    if (rootCell === undefined) {
      this.root = this.#madeUpRoot()
      return
    }
    hive.cells.use(rootCell.offset)
    this.#root = new HiveKey(hive, rootCell, 'root')
    this.root = this.#root
  }

  get findings(): readonly Finding[] {
    return this.#hive.findings.list()
  }

  walk(): HiveTotals {
    if (this.#totals !== undefined) return this.#totals
    const walk = new KeyWalk(this.#hive)
    if (this.#root !== undefined) {
      walk.visit(this.#root)
      walk.checkSecurity()
    } else for (const key of this.orphans()) walk.visit(key as HiveKey)
    this.#totals = walk.totals
    return this.#totals
  }

  orphans(options: { readonly deleted?: boolean } = {}): readonly RegistryKey[] {
    if (this.#orphans === undefined) {
      if (this.#root !== undefined) this.walk()
      this.#orphans = unreachedKeys(this.#hive, this.#hive.findings)
    }
    if (options.deleted !== true) return this.#orphans
    // What is lost of deleted keys is no damage to the hive: only that they are there is reported.
    const unreported = { ...this.#hive, deleted: true, findings: new HiveFindings(), security: new Map() }
    this.#deleted ??= unreachedKeys(unreported, this.#hive.findings)
    return [...this.#orphans, ...this.#deleted]
  }

  /** A root for keys whose own root is lost. */
  #madeUpRoot(): RegistryKey {
    const orphans = this.orphans()
    if (orphans.length === 0) {
      throw new PolagentError('HIVE_DAMAGED', { offset: 0, what: 'no key is left in it' })
    }
    const count = orphans.length === 1 ? 'one key is' : `${orphans.length} keys are`
    this.#hive.findings.add('HIVE_ROOT_LOST', { offset: 36, what: `${count} left without a parent` })
    return { name: '', values: [], subkeys: orphans }
  }
}

/** Keys that nothing visited leads to: first those whose parent is lost too, with all below them, then what is left. */
function unreachedKeys(hive: HiveContext, findings: HiveFindings): HiveKey[] {
  const unreached = hive.cells.keyOffsets(hive.deleted).filter((offset) => !hive.cells.isUsed(offset))
  const known = new Set(unreached)
  const tops: HiveKey[] = []
  const walk = new KeyWalk(hive)
  const take = (offset: number): void => {
    const cell = keyCellAt(hive, offset)
    if (typeof cell === 'string' || !hive.cells.use(offset)) return
    const key = new HiveKey(hive, cell, 'orphan')
    tops.push(key)
    findings.add('HIVE_ORPHAN', { offset: key.offset, what: quoted(key.name) })
    walk.visit(key)
  }
  for (const offset of unreached) {
    const cell = keyCellAt(hive, offset)
    if (typeof cell !== 'string' && !known.has(parentOf(hive, cell))) take(offset)
  }
  for (const offset of unreached) take(offset)
  return tops
}
