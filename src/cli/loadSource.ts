import { existsSync } from 'node:fs'
import { PolagentError } from '../base/errors.ts'
import type { Finding, Report } from '../base/finding.ts'
import { findStores, policySetOf } from '../formats/object-store/index.ts'
import { type FileFormat, recognise } from '../formats/recognise.ts'
import { withSalvagedObjects } from '../formats/salvageObjects.ts'
import type { PolicySet, SourceFormat } from '../policy/model.ts'
import type { RegistryKey } from '../policy/registryValue.ts'
import type { ObjectStore } from '../policy/storedObject.ts'
import { readHiveLogs, readInputFile, readInputStream } from '../stores/inputFile.ts'
import type { StateDirOption } from './options.ts'
import { stateDirectoryFor } from './options.ts'
import type { Io } from './io.ts'
import { printable } from './printable.ts'
import { noProgress, type Progress, quickInput, startProgress } from './progress.ts'

export interface SourceOptions extends StateDirOption {
  /** Code page of ANSI text. */
  readonly encoding?: string
}

export interface LoadedSource {
  readonly format: SourceFormat
  readonly stores: readonly ObjectStore[]
  readonly set: PolicySet
  /** Still running when the input is large; the command ends it. */
  readonly progress: Progress
}

const megabyte = 1_048_576

/**
 * Largest input per format. Bytes. Hives are read where they lie, everything else becomes text first, which a JavaScript
 * string bounds; a policy document is a person's work.
 */
const largestInput: Record<FileFormat, number> = {
  hive: 2048 * megabyte - 1,
  reg: 512 * megabyte,
  'reg-batch': 256 * megabyte,
  ldif: 512 * megabyte,
  'policy-document-json': 256 * megabyte,
  'policy-document-yaml': 64 * megabyte,
  netsh: 256 * megabyte,
}

export interface LoadNeeds {
  /** A source without any policy store is an answer and no error. */
  readonly allowsNone?: boolean
  /** Damage anywhere in a hive is looked for, not only in what belongs to policy. */
  readonly isThorough?: boolean
}

/**
 * Everything a SOURCE argument can mean, read and decoded: a file of any known format, `-`, or `local`. Errors are those
 * of reading; a source with no policy store in it is INPUT_NO_POLICY unless `allowsNone`.
 */
export async function loadSource(
  source: string,
  options: SourceOptions,
  io: Io,
  needs: LoadNeeds = {},
): Promise<LoadedSource> {
  refuseDirectories(source)
  const input = source === 'local' ? readLocal(options, io) : await readInput(source, io)
  const progress = input.bytes.length < quickInput ? noProgress : startProgress(io)
  try {
    progress.step(`reading ${printable(input.name)}`)
    const reading = await readingOf(input, options, needs)
    const { stores } = reading
    const set = { ...reading.set, findings: reading.set.findings.map((finding) => inFile(finding, input.name)) }
    if (stores.length === 0 && needs.allowsNone !== true) throw withoutPolicy(input.name, set.findings)
    return { format: input.format, stores, set, progress }
  } catch (error) {
    progress.end()
    throw error instanceof PolagentError ? error.at({ file: input.name }) : error
  }
}

/** Readers know lines and offsets, not the name of what they read. */
function inFile(finding: Finding, file: string): Finding {
  return finding.line === undefined && finding.offset === undefined ? finding : { file, ...finding }
}

/** The damage that may be why there is nothing is part of the answer. */
export function withoutPolicy(name: string, findings: readonly Finding[]): PolagentError {
  const damage = findings.find((finding) => finding.severity === 'error')
  return new PolagentError('INPUT_NO_POLICY', {
    file: name,
    ...(damage === undefined ? {} : { what: `parts of it could not be read (${damage.message})` }),
  })
}

function refuseDirectories(source: string): void {
  if (/^(?:ldaps?|gc):\/\//i.test(source) || source.toLowerCase() === 'ad') {
    throw new PolagentError('USAGE', {
      what: `directories (${source}) cannot be read yet; export the container to LDIF and read that`,
    })
  }
}

interface Input {
  readonly name: string
  readonly format: FileFormat
  readonly bytes: Uint8Array
  readonly logs: readonly Uint8Array[]
}

async function readInput(source: string, io: Io): Promise<Input> {
  const isStandardInput = source === '-'
  const name = isStandardInput ? 'standard input' : source
  let format: FileFormat | undefined
  const limitFor = (prefix: Uint8Array): number => {
    format = recognise(prefix)
    return largestInput[format]
  }
  const bytes = isStandardInput ? await readInputStream(io.stdin, name, limitFor) : readInputFile(source, limitFor)
  if (format === undefined) throw new PolagentError('INTERNAL', { file: name, what: 'the input was not recognised' })
  const logs = format === 'hive' && !isStandardInput ? readHiveLogs(source, largestInput.hive) : []
  return { name, format, bytes, logs }
}

function readLocal(options: SourceOptions, io: Io): Input {
  const directory = stateDirectoryFor(options, io)
  if (!existsSync(directory.hive)) throw new PolagentError('STORE_MISSING', { file: directory.hive })
  const bytes = readInputFile(directory.hive, () => largestInput.hive)
  const logs = readHiveLogs(directory.hive, largestInput.hive)
  return { name: 'local', format: 'hive', bytes, logs }
}

interface Reading {
  readonly stores: readonly ObjectStore[]
  readonly set: PolicySet
}

/** Readers are loaded when their format turns up. */
async function readingOf(input: Input, options: SourceOptions, needs: LoadNeeds): Promise<Reading> {
  const { bytes } = input
  const codePage = options.encoding === undefined ? {} : { codePage: options.encoding }
  switch (input.format) {
    case 'hive':
      return await readHiveInput(input, needs)
    case 'reg': {
      const { readReg } = await import('../formats/reg/index.ts')
      const { root, findings } = readReg(bytes, codePage)
      return readingOfTree(input, root, findings)
    }
    case 'reg-batch': {
      const { readRegBatch } = await import('../formats/reg-batch/index.ts')
      const { root, findings } = readRegBatch(bytes, codePage)
      const { mixedBatchFindings } = await import('../formats/mixedBatch.ts')
      return readingOfTree(input, root, [...mixedBatchFindings(bytes, 'reg-batch'), ...findings])
    }
    case 'ldif': {
      const { directoryStoresOf, readLdif } = await import('../formats/ldif/index.ts')
      const { entries, findings } = readLdif(bytes)
      const noticed = [...findings]
      return readingOfStores(
        input,
        directoryStoresOf(entries, (finding) => noticed.push(finding)),
        noticed,
      )
    }
    case 'policy-document-json':
    case 'policy-document-yaml': {
      const { readPolicyDocument } = await import('../formats/policy-document/index.ts')
      const { authorContext } = await import('./authorContext.ts')
      const { stores, findings } = readPolicyDocument(bytes, authorContext())
      return readingOfStores(input, stores, findings)
    }
    case 'netsh': {
      const { readNetshScript } = await import('../formats/netsh/index.ts')
      const { authorContext } = await import('./authorContext.ts')
      const { stores, findings } = readNetshScript(bytes, authorContext(), codePage)
      const { mixedBatchFindings } = await import('../formats/mixedBatch.ts')
      return readingOfStores(input, stores, [...mixedBatchFindings(bytes, 'netsh'), ...findings])
    }
  }
}

function readingOfTree(input: Input, root: RegistryKey, findings: readonly Finding[]): Reading {
  const noticed = [...findings]
  return readingOfStores(
    input,
    findStores(root, (finding) => noticed.push(finding)),
    noticed,
  )
}

function readingOfStores(input: Input, stores: readonly ObjectStore[], findings: readonly Finding[]): Reading {
  return { stores, set: policySetOf({ source: input.name, format: input.format, stores, findings }) }
}

/** What a hive has lost shows when its keys are asked for, so the reader's findings are taken at the end. */
async function readHiveInput(input: Input, needs: LoadNeeds): Promise<Reading> {
  const { readHive } = await import('../formats/regf/index.ts')
  const hive = readHive(input.bytes, input.logs)
  const noticed: Finding[] = []
  const report: Report = (finding) => noticed.push(finding)
  let reading = readingOfStores(input, findStores(hive.root, report), [])
  if (needs.isThorough === true) hive.walk()
  if (hive.findings.some((finding) => finding.severity === 'error')) {
    const stores = withSalvagedObjects(reading.stores, hive.orphans(), report)
    if (stores !== reading.stores) reading = readingOfStores(input, stores, [])
  }
  return { ...reading, set: { ...reading.set, findings: [...hive.findings, ...noticed, ...reading.set.findings] } }
}
