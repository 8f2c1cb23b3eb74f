import type { Severity } from '../../base/finding.ts'

export interface HiveFindingRow {
  readonly severity: Severity
  readonly title: string
  readonly advice: string
  /** Win32 code an audit event carries when the damage makes a policy fail. */
  readonly win32?: number
}

const restore = 'Restore the file from a backup if the key matters; the rest of the hive is read.'
const harmless = 'Reading is not affected; writing the hive anew mends it.'
/** ERROR_REGISTRY_CORRUPT. */
const corrupt = 1015

/**
 * Everything that can be wrong with a registry hive, by stable code (registry-store.md 5.10). `error`: something was
 * lost or may be wrong; `warning`: nothing is lost to this reader, though Windows may stumble; `info`: worth knowing.
 * Each finding carries the byte offset in the file, and the path of the key in `field`.
 */
export const hiveFindingTable = {
  // Base block and logs
  HIVE_BASE_BLOCK_LOST: {
    severity: 'error',
    title: 'The first block of the hive is lost',
    advice: 'The hive is read from its bins. Restore the file from a backup, or write it anew from what is read.',
    win32: corrupt,
  },
  HIVE_BASE_BLOCK_CHECKSUM: {
    severity: 'warning',
    title: 'The checksum of the first block is wrong',
    advice: 'A write was broken off, or the block is damaged. Put the .LOG files of the hive beside it and read again.',
  },
  HIVE_BINS_SIZE: {
    severity: 'error',
    title: 'The size of the hive in its first block is wrong',
    advice: 'All whole bins in the file are read. Restore the file from a backup, or write it anew from what is read.',
    win32: corrupt,
  },
  HIVE_VERSION: {
    severity: 'warning',
    title: 'The hive is of an unusual format version',
    advice: 'Versions 1.3 to 1.6 are known well; it is read as the nearest of them.',
  },
  HIVE_TRANSACTIONS_PENDING: {
    severity: 'info',
    title: 'Transactions were pending when the hive was written',
    advice: 'Changes in them are not part of the hive.',
  },
  HIVE_DIRTY: {
    severity: 'warning',
    title: 'The hive was being written, and no log to finish that is at hand',
    advice: 'The newest changes may be missing. Put its .LOG, .LOG1 and .LOG2 beside it and read again.',
  },
  HIVE_LOG_APPLIED: {
    severity: 'info',
    title: 'Changes were added from a transaction log',
    advice: 'Windows does the same when it loads the hive.',
  },
  HIVE_LOG_ENDED: {
    severity: 'warning',
    title: 'The transaction log is used up to a faulty entry only',
    advice: 'Changes after it are missing, as they would be on Windows.',
  },
  HIVE_LOG_IGNORED: {
    severity: 'warning',
    title: 'The transaction log holds newer changes than the hive, which is marked as complete',
    advice: 'Windows ignores such a log. Check that hive and log are of the same time.',
  },
  HIVE_LOG_STALE: {
    severity: 'info',
    title: 'The transaction log is older than the hive and is not used',
    advice: 'Nothing to do.',
  },
  HIVE_LOG_FOREIGN: {
    severity: 'warning',
    title: 'The transaction log belongs to another hive, or to another state of it, and is not used',
    advice: 'Put the right .LOG files beside the hive.',
  },
  HIVE_LOG_UNUSABLE: {
    severity: 'warning',
    title: 'The transaction log is damaged or no log, and is not used',
    advice: 'Put the right .LOG files beside the hive.',
  },
  // Bins and cells
  HIVE_TRUNCATED: {
    severity: 'error',
    title: 'The hive is cut short',
    advice: 'What lay behind the end is lost. Restore the file from a backup.',
    win32: corrupt,
  },
  HIVE_BIN_DAMAGED: {
    severity: 'error',
    title: 'A part of the hive is overwritten or has lost its header',
    advice: 'Records in it that still fit are read. ' + restore,
    win32: corrupt,
  },
  HIVE_CELLS_BROKEN: {
    severity: 'warning',
    title: 'The cells of a bin do not fill it',
    advice: 'Records in it that are whole are read. ' + restore,
  },
  HIVE_CELL_FREE: {
    severity: 'error',
    title: 'A record lies in a cell that is marked as free',
    advice: 'It is read. Windows would not load it. ' + restore,
    win32: corrupt,
  },
  HIVE_CELL_USED_TWICE: {
    severity: 'error',
    title: 'Two records use the same cell',
    advice: 'The first keeps it. ' + restore,
    win32: corrupt,
  },
  // Keys
  HIVE_ROOT_MOVED: {
    severity: 'error',
    title: 'The first block leads to no root key',
    advice: 'The root key was found by searching the bins. Write the hive anew to mend it.',
    win32: corrupt,
  },
  HIVE_ROOT_LOST: {
    severity: 'error',
    title: 'The root key of the hive is lost',
    advice: 'Keys that are whole stand below a root made up for them. Restore the file from a backup.',
    win32: corrupt,
  },
  HIVE_KEY_LOST: {
    severity: 'error',
    title: 'A subkey cannot be read',
    advice: restore,
    win32: corrupt,
  },
  HIVE_KEY_PARENT: {
    severity: 'warning',
    title: 'A key names another parent than the one it lies in',
    advice: 'It is read where it lies. ' + harmless,
  },
  HIVE_KEY_NAME: {
    severity: 'error',
    title: 'The name of a key is cut short',
    advice: restore,
    win32: corrupt,
  },
  HIVE_KEY_NAME_UNUSUAL: {
    severity: 'warning',
    title: 'The name of a key is none that Windows allows',
    advice: 'It is read as it is; the key may be damaged.',
  },
  HIVE_KEY_TOO_DEEP: {
    severity: 'error',
    title: 'Keys are nested more deeply than Windows allows',
    advice: 'Keys below the 512th level are not read.',
    win32: corrupt,
  },
  HIVE_SUBKEY_LIST: {
    severity: 'error',
    title: 'A list of subkeys cannot be read',
    advice: 'Subkeys in it are lost from their key. ' + restore,
    win32: corrupt,
  },
  HIVE_SUBKEY_COUNT: {
    severity: 'error',
    title: 'The number of subkeys is wrong',
    advice: 'Subkeys that are found are read. ' + restore,
    win32: corrupt,
  },
  HIVE_SUBKEY_ORDER: {
    severity: 'warning',
    title: 'Subkeys are not in order',
    advice: 'Windows would not find some of them by name. ' + harmless,
  },
  HIVE_SUBKEY_HASH: {
    severity: 'warning',
    title: 'The hash or hint of a subkey is wrong',
    advice: 'Windows would not find it by name. ' + harmless,
  },
  HIVE_SUBKEY_DUPLICATE: {
    severity: 'warning',
    title: 'Two subkeys have the same name',
    advice: 'Both are read; the first counts.',
  },
  HIVE_CLASS_NAME: {
    severity: 'warning',
    title: 'The class name of a key cannot be read',
    advice: 'Class names have no meaning for policy.',
  },
  HIVE_SECURITY: {
    severity: 'warning',
    title: 'The access rights of a key cannot be read',
    advice: 'They have no meaning for reading; the key gets those of its parent when the hive is written anew.',
  },
  HIVE_SECURITY_COUNT: {
    severity: 'info',
    title: 'The number of users of a security descriptor is wrong',
    advice: harmless,
  },
  HIVE_SECURITY_RING: {
    severity: 'warning',
    title: 'The chain of security descriptors is broken',
    advice: harmless,
  },
  HIVE_LONGEST_NAMES: {
    severity: 'info',
    title: 'A key understates the length of its longest name or value',
    advice: 'Programs that rely on it may miss entries on Windows. ' + harmless,
  },
  HIVE_ORPHAN: {
    severity: 'warning',
    title: 'A key is whole, but no list leads to it',
    advice: 'Its parent or the list it was in is lost, or it was left behind when the key was deleted.',
  },
  // Values
  HIVE_VALUE_LIST: {
    severity: 'error',
    title: 'The list of values cannot be read',
    advice: 'Values in it are lost. ' + restore,
    win32: corrupt,
  },
  HIVE_VALUE_COUNT: {
    severity: 'error',
    title: 'The number of values is wrong',
    advice: 'Values that are found are read. ' + restore,
    win32: corrupt,
  },
  HIVE_VALUE_LOST: {
    severity: 'error',
    title: 'A value cannot be read',
    advice: restore,
    win32: corrupt,
  },
  HIVE_VALUE_NAME: {
    severity: 'error',
    title: 'The name of a value is cut short',
    advice: restore,
    win32: corrupt,
  },
  HIVE_VALUE_DUPLICATE: {
    severity: 'warning',
    title: 'Two values have the same name',
    advice: 'Both are read; the first counts.',
  },
  HIVE_VALUE_TOMBSTONE: {
    severity: 'info',
    title: 'A value is marked as deleted and is left out',
    advice: 'Layered hives mark values of the layer below so.',
  },
  HIVE_DATA_LOST: {
    severity: 'error',
    title: 'The data of a value cannot be read',
    advice: restore,
    win32: corrupt,
  },
  HIVE_DATA_CUT: {
    severity: 'error',
    title: 'The data of a value is cut short',
    advice: restore,
    win32: corrupt,
  },
  HIVE_DATA_FORM: {
    severity: 'warning',
    title: 'Large data is stored in another form than the version of the hive asks for',
    advice: 'It is read as it is meant; Windows may read it wrongly. ' + harmless,
  },
} as const satisfies Record<string, HiveFindingRow>

export type HiveFindingCode = keyof typeof hiveFindingTable
