/** Sizes of the regf format. Bytes. Section numbers below and in the other files: registry-store.md. */

/** The base block; hive bins data begin behind it, and offsets in cells count from there (5.1). */
export const baseBlockLength = 4096
/** What a log keeps of the base block, and what the checksum covers, itself included. */
export const baseSectorLength = 512
/** Bins are multiples of this (5.2). */
export const pageLength = 4096
export const binHeaderLength = 32
/** Offset that leads nowhere (5). */
export const nowhere = 0xffff_ffff
/** nk and vk records without their name (5.4, 5.6). */
export const keyNodeLength = 76
export const valueRecordLength = 20
/** Data longer than this is cut into segments of this length when minor > 3 (5.6). */
export const segmentLength = 16_344
/** Elements of one lh or lf list, so that it fits a bin of one page (5.9). */
export const leafElements = 507
/** Levels of keys Windows allows. */
export const deepestKey = 512
/** UTF-16 units of a key name, and of a value name. */
export const longestKeyName = 255
export const longestValueName = 16_383
/** Offsets from here on would mean volatile cells. */
export const largestBinsData = 0x8000_0000

/** Record signatures as the little-endian number of their two letters. */
export const signature = {
  nk: 0x6b6e,
  vk: 0x6b76,
  sk: 0x6b73,
  db: 0x6264,
  li: 0x696c,
  lf: 0x666c,
  lh: 0x686c,
  ri: 0x6972,
} as const

/** Flags of nk records (5.4). */
export const keyFlag = { root: 0x04, noDelete: 0x08, latinName: 0x20 } as const
/** Flags of vk records (5.6). */
export const valueFlag = { latinName: 1, tombstone: 2 } as const

export const magic = { regf: 0x6667_6572, hbin: 0x6e69_6268, dirt: 0x5452_4944, hvle: 0x454c_7648 } as const
