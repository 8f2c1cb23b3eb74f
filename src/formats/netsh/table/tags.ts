import type { TagRow } from './tagTypes.ts'

/** Seconds of an unsigned 32-bit field, in whole minutes. */
const mostMinutes = 71_582_788

/** Tags that several commands have (netsh-ipsec.md 3). */
export const shared = {
  description: { name: 'description', type: 'text', help: 'Words about it, for people.' },
  newname: { name: 'newname', type: 'name', help: 'Its name from now on.' },
  level: {
    name: 'level',
    type: 'word',
    words: ['verbose', 'normal'],
    default: 'normal',
    help: 'How much is told: verbose or normal.',
  },
  format: {
    name: 'format',
    type: 'word',
    words: ['list', 'table'],
    default: 'list',
    help: 'Lines with labels, or a table with one line each: list or table.',
  },
  wide: {
    name: 'wide',
    type: 'yes-no',
    default: 'no',
    help: 'Whether long names are told in full; no cuts them to fit 80 columns.',
  },
  resolvedns: {
    name: 'resolvedns',
    type: 'yes-no',
    default: 'no',
    help: 'Whether addresses are told by their DNS names.',
  },
  mmpfs: {
    name: 'mmpfs',
    type: 'yes-no',
    default: 'no',
    help: 'Master key perfect forward secrecy; yes sets qmpermm to 1.',
  },
  qmpermm: {
    name: 'qmpermm',
    type: 'number',
    least: 0,
    most: 2_147_483_647,
    default: '0',
    help: 'Quick modes for each main mode; 0 sets no limit.',
  },
  mmlifetime: {
    name: 'mmlifetime',
    type: 'number',
    least: 1,
    most: mostMinutes,
    default: '480',
    help: 'Minutes until main mode needs a new key.',
  },
  pollinginterval: {
    name: 'pollinginterval',
    type: 'number',
    least: 1,
    most: mostMinutes,
    default: '180',
    help: 'Minutes between looks at the store for changes.',
  },
  mmsecmethods: {
    name: 'mmsecmethods',
    type: 'main-mode-methods',
    help: 'Main mode methods in order of preference, as Encryption-Hash-Group: DES or 3DES, MD5 or SHA1, group 1, 2 or 3.',
  },
  qmsecmethods: {
    name: 'qmsecmethods',
    type: 'quick-mode-methods',
    help: 'Quick mode offers in order of preference: ESP[Encryption,Hash]:k/s, AH[Hash]:k/s or AH[Hash]+ESP[Encryption,Hash]:k/s, with DES, 3DES or None, and MD5, SHA1 or None; lifetimes in kilobytes (k) and seconds (s).',
  },
  qmpfs: {
    name: 'qmpfs',
    type: 'yes-no',
    default: 'no',
    help: 'Perfect forward secrecy of session keys: a new exchange for each.',
  },
  inpass: {
    name: 'inpass',
    type: 'yes-no',
    default: 'no',
    help: 'Whether unprotected traffic is taken in; the answer is always protected.',
  },
  soft: {
    name: 'soft',
    type: 'yes-no',
    default: 'no',
    help: 'Whether peers without IPsec are spoken to in clear.',
  },
  action: {
    name: 'action',
    type: 'word',
    words: ['permit', 'block', 'negotiate'],
    default: 'negotiate',
    help: 'What happens to the traffic: permit, block or negotiate.',
  },
  conntype: {
    name: 'conntype',
    type: 'word',
    words: ['lan', 'dialup', 'all'],
    default: 'all',
    help: 'Connections it is for: lan, dialup or all.',
  },
  kerberos: {
    name: 'kerberos',
    type: 'kerberos',
    repeatable: true,
    help: 'Whether peers may prove themselves by Kerberos; no only means that it is not added.',
  },
  psk: { name: 'psk', type: 'psk', repeatable: true, help: 'A preshared key; it is stored in clear.' },
  rootca: {
    name: 'rootca',
    type: 'rootca',
    repeatable: true,
    help: 'A certificate authority: "<name> certmap:(yes|no) excludecaname:(yes|no)"; quotation marks in the name are written \\\'.',
  },
  protocol: {
    name: 'protocol',
    type: 'protocol',
    default: 'ANY',
    help: 'ANY, ICMP, TCP, UDP, RAW or a number from 0 to 255.',
  },
  srcmask: { name: 'srcmask', type: 'mask', help: 'Mask of the source, dotted or as prefix length.' },
  dstmask: { name: 'dstmask', type: 'mask', help: 'Mask of the destination, dotted or as prefix length.' },
  srcport: {
    name: 'srcport',
    type: 'port',
    default: '0',
    help: 'Source port, TCP and UDP only; 0 is any.',
  },
  dstport: {
    name: 'dstport',
    type: 'port',
    default: '0',
    help: 'Destination port, TCP and UDP only; 0 is any.',
  },
  mirrored: {
    name: 'mirrored',
    type: 'yes-no',
    default: 'yes',
    help: 'Whether it also matches with the ends exchanged.',
  },
} as const satisfies Record<string, TagRow>

/** Either end of a filter. */
export const ends = {
  srcaddr: {
    name: 'srcaddr',
    type: 'address',
    required: true,
    help: 'Source: an address, a range, a DNS name, me, any, or dns, wins, dhcp, gateway for those servers.',
  },
  dstaddr: {
    name: 'dstaddr',
    type: 'address',
    required: true,
    help: 'Destination: an address, a range, a DNS name, me, any, or dns, wins, dhcp, gateway for those servers.',
  },
} as const satisfies Record<string, TagRow>

/** The same where they need not be given. */
export const optionalEnds = {
  srcaddr: { name: 'srcaddr', type: 'address', help: ends.srcaddr.help },
  dstaddr: { name: 'dstaddr', type: 'address', help: ends.dstaddr.help },
} as const satisfies Record<string, TagRow>

/** The tag of a command that changes something: what is not given stays as it is. */
export function unchanged<const T extends TagRow>(tag: T): Omit<T, 'default'> {
  const { default: _default, ...rest } = tag
  return rest
}
