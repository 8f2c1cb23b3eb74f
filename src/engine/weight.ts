import { type AddressClass, actionWeights, addressRanks, protocolRanks, type WeighedAction } from './weightTables.ts'

/**
 * How specific a filter is, as one number; the greater decides. Its decimal digits are the parts of the key in the order
 * they are compared: persistent 1, tunnel 1, addresses 1, destination bits 3, source bits 3, protocol and ports 1,
 * action 1.
 *
 * 'block, from any to 192.0.2.1, tcp to port 445' // → 5 032 000 4 3 = 503200043
 */
export interface WeightParts {
  /** 1: of the persistent policy, which overrides the others. */
  readonly persistent: 0 | 1
  /** 1: of a tunnel rule. */
  readonly tunnel: 0 | 1
  /** 10 − rank of the addresses, 1–9. */
  readonly addresses: number
  /** Mask bits, 0–128. */
  readonly destinationBits: number
  readonly sourceBits: number
  /** 6 − rank of protocol and ports, 1–5. */
  readonly protocol: number
  /** block 3, negotiate 2, negotiate that may end in clear 1, permit 0. */
  readonly action: number
}

/** Parts of the key, most significant first, with the value of one in the number. */
const places = [
  ['persistent', 1e10],
  ['tunnel', 1e9],
  ['addresses', 1e8],
  ['destinationBits', 1e5],
  ['sourceBits', 1e2],
  ['protocol', 1e1],
  ['action', 1],
] as const satisfies readonly (readonly [keyof WeightParts, number])[]

export type WeightPart = (typeof places)[number][0]

const classes: readonly AddressClass[] = ['any', 'some', 'one']
/** An address class as a number: any 0, some 1, one 2. */
const classCode: Readonly<Record<AddressClass, number>> = { any: 0, some: 1, one: 2 }

/** Value of the addresses part by 3 × source class + destination class. */
const addressValues = Float64Array.from({ length: 9 }, (_, index) => {
  const source = classes[Math.floor(index / 3)]
  const destination = classes[index % 3]
  const row = addressRanks.find((one) => one.source === source && one.destination === destination)
  return (10 - (row as (typeof addressRanks)[number]).rank) * 1e8
})

/** Value of the protocol part by 4 × protocol given + 2 × source port given + destination port given. */
const protocolValues = Float64Array.from({ length: 8 }, (_, index) => {
  const word = (bit: number): 'given' | 'any' => ((index & bit) === 0 ? 'any' : 'given')
  const row = protocolRanks.find(
    (one) => one.protocol === word(4) && one.sourcePort === word(2) && one.destinationPort === word(1),
  )
  return (6 - (row as (typeof protocolRanks)[number]).rank) * 10
})

/** What one side's addresses weigh: 4 × bits + class code, one number for speed. */
export type SideWeight = number

export function sideWeight(addressClass: AddressClass, bits: number): SideWeight {
  return bits * 4 + classCode[addressClass]
}

/** The part that does not depend on a filter: policy, tunnel and action. */
export function ruleWeight(isPersistent: boolean, isTunnel: boolean, action: WeighedAction): number {
  return (isPersistent ? 1e10 : 0) + (isTunnel ? 1e9 : 0) + actionWeights[action].weight
}

/** `given` is 4 × protocol given + 2 × source port given + 1 × destination port given. */
export function filterWeight(source: SideWeight, destination: SideWeight, given: number): number {
  return (
    (addressValues[3 * (source & 3) + (destination & 3)] as number) +
    (destination >>> 2) * 1e5 +
    (source >>> 2) * 1e2 +
    (protocolValues[given] as number)
  )
}

export function weightParts(weight: number): WeightParts {
  let rest = weight
  const parts: Record<string, number> = {}
  for (const [part, value] of places) {
    parts[part] = Math.floor(rest / value)
    rest %= value
  }
  return parts as unknown as WeightParts
}

/** The weights differ at most in the action. */
export function isSameSpecificity(a: number, b: number): boolean {
  return Math.floor(a / 10) === Math.floor(b / 10)
}

/** The first part, most significant first, in which two weights differ; `undefined` when they are equal. */
export function firstDifference(a: number, b: number): WeightPart | undefined {
  const one = weightParts(a)
  const other = weightParts(b)
  return places.find(([part]) => one[part] !== other[part])?.[0]
}

const addressWords: Readonly<Record<AddressClass, string>> = {
  one: 'one address',
  some: 'some addresses',
  any: 'any address',
}

/** `one address from any address, 32 and 0 bits, protocol and destination port, block` */
export function weightText(weight: number): string {
  const parts = weightParts(weight)
  const addresses = addressRanks.find((row) => row.rank === 10 - parts.addresses)
  const traffic = protocolRanks.find((row) => row.rank === 6 - parts.protocol)
  const action = Object.entries(actionWeights).find(([, row]) => row.weight === parts.action)?.[0]
  const words = [
    ...(parts.persistent === 1 ? ['persistent policy'] : []),
    ...(parts.tunnel === 1 ? ['tunnel'] : []),
    addresses === undefined
      ? 'addresses'
      : `from ${sideText(addresses.source, parts.sourceBits)} to ${sideText(addresses.destination, parts.destinationBits)}`,
    traffic === undefined ? 'any protocol' : trafficWords(traffic),
    action === 'negotiate-or-clear' ? 'negotiate, may end in clear' : (action ?? ''),
  ]
  return words.join(', ')
}

function sideText(addressClass: AddressClass, bits: number): string {
  return addressClass === 'some' ? `${addressWords.some} (${bits} bits)` : addressWords[addressClass]
}

function trafficWords(row: (typeof protocolRanks)[number]): string {
  if (row.protocol === 'any') return 'any protocol'
  const ports = [
    ...(row.sourcePort === 'given' ? ['source port'] : []),
    ...(row.destinationPort === 'given' ? ['destination port'] : []),
  ]
  return ['protocol', ...ports].join(' and ')
}
