import { ends, optionalEnds, shared, unchanged } from './tags.ts'
import type { CommandRow, TagRow } from './tagTypes.ts'

const s = shared

function named<const T extends string>(what: T) {
  return { name: 'name', type: 'name', required: true, help: `Name of the ${what}.` } as const satisfies TagRow
}

function optionalName<const T extends string>(what: T) {
  return { name: 'name', type: 'name', help: `Name of the ${what}.` } as const satisfies TagRow
}

function required<const T extends TagRow>(tag: T) {
  return { ...unchanged(tag), required: true } as const
}

const softsaexpirationtime = {
  name: 'softsaexpirationtime',
  type: 'number',
  least: 1,
  most: 71_582_788,
  default: '480',
  help: 'Minutes until a soft association ends.',
} as const
const pfsgroup = {
  name: 'pfsgroup',
  type: 'word',
  words: ['GRP1', 'GRP2', 'GRP3', 'GRPMM', 'NOPFS'],
  default: 'NOPFS',
  help: 'Group of perfect forward secrecy for session keys: GRP1, GRP2, GRP3, GRPMM (that of main mode) or NOPFS.',
} as const
const mmpolicy = { name: 'mmpolicy', type: 'name', help: 'Main mode policy.' } as const
const qmpolicy = {
  name: 'qmpolicy',
  type: 'name',
  help: 'Quick mode policy; needed when an action is negotiate.',
} as const
const actioninbound = {
  name: 'actioninbound',
  type: 'word',
  words: ['permit', 'block', 'negotiate'],
  default: 'negotiate',
  help: 'What happens to inbound traffic: permit, block or negotiate.',
} as const
const actionoutbound = {
  name: 'actionoutbound',
  type: 'word',
  words: ['permit', 'block', 'negotiate'],
  default: 'negotiate',
  help: 'What happens to outbound traffic: permit, block or negotiate.',
} as const
const tunneldstaddress = {
  name: 'tunneldstaddress',
  type: 'endpoint',
  help: 'Address or DNS name of the tunnel endpoint.',
} as const
const authentication = [s.kerberos, s.psk, s.rootca] as const
const sayAll = ['all'] as const
/** Narrows a listing; everything is shown where a tag is not given. */
const narrowing = [
  unchanged(s.protocol),
  unchanged(s.srcport),
  unchanged(s.dstport),
  unchanged(actioninbound),
  unchanged(actionoutbound),
] as const
const kindOfFilter = {
  name: 'type',
  type: 'word',
  words: ['generic', 'specific'],
  default: 'generic',
  help: 'Filters as they were made, or as they apply to each connection: generic or specific.',
} as const

/** `netsh ipsec dynamic` (netsh-ipsec.md 5). Tags stand in positional order. */
export const dynamicTable = [
  {
    kind: 'dynamic add mmpolicy',
    help: 'Adds a main mode policy to the running agent.',
    tags: [named('main mode policy'), s.qmpermm, s.mmlifetime, softsaexpirationtime, s.mmsecmethods],
    examples: ['add mmpolicy name=mm1 mmsecmethods="3DES-SHA1-2"'],
  },
  {
    kind: 'dynamic add qmpolicy',
    help: 'Adds a quick mode policy to the running agent.',
    tags: [named('quick mode policy'), s.soft, pfsgroup, s.qmsecmethods],
    examples: ['add qmpolicy name=qm1 pfsgroup=GRPMM qmsec="ESP[3DES,SHA1]"'],
  },
  {
    kind: 'dynamic add rule',
    help: 'Adds a rule to the running agent.',
    tags: [
      ends.srcaddr,
      ends.dstaddr,
      required(mmpolicy),
      qmpolicy,
      s.protocol,
      s.srcport,
      s.dstport,
      s.mirrored,
      s.conntype,
      actioninbound,
      actionoutbound,
      s.srcmask,
      s.dstmask,
      tunneldstaddress,
      ...authentication,
    ],
    remarks: ['Nothing of it is stored: it is gone when the service starts anew.'],
    examples: ['add rule srcaddr=192.0.2.66 dstaddr=me mmpolicy=mm1 actioninbound=block actionoutbound=block'],
  },
  {
    kind: 'dynamic delete all',
    help: 'Deletes all policies, filters and rules of the running agent.',
    tags: [],
    examples: ['delete all'],
  },
  {
    kind: 'dynamic delete mmpolicy',
    help: 'Deletes a main mode policy that no rule uses, or all of those.',
    tags: [optionalName('main mode policy')],
    keywords: sayAll,
    needsOne: ['name'],
    examples: ['delete mmpolicy mm1', 'delete mmpolicy all'],
  },
  {
    kind: 'dynamic delete qmpolicy',
    help: 'Deletes a quick mode policy that no rule uses, or all of those.',
    tags: [optionalName('quick mode policy')],
    keywords: sayAll,
    needsOne: ['name'],
    examples: ['delete qmpolicy qm1', 'delete qmpolicy all'],
  },
  {
    kind: 'dynamic delete rule',
    help: 'Deletes a rule of the running agent, told as it was added.',
    tags: [
      ends.srcaddr,
      ends.dstaddr,
      required(s.protocol),
      required(s.srcport),
      required(s.dstport),
      required(s.mirrored),
      required(s.conntype),
      s.srcmask,
      s.dstmask,
      tunneldstaddress,
    ],
    examples: ['delete rule srcaddr=192.0.2.66 dstaddr=me protocol=any srcport=0 dstport=0 mirrored=yes conntype=all'],
  },
  { kind: 'dynamic dump', help: 'Prints a script of the settings of the running agent.', tags: [], examples: ['dump'] },
  {
    kind: 'dynamic set config',
    help: 'Changes a setting of the running agent.',
    tags: [
      {
        name: 'property',
        type: 'word',
        words: [
          'ipsecdiagnostics',
          'ikelogging',
          'strongcrlcheck',
          'ipsecloginterval',
          'ipsecexempt',
          'bootmode',
          'bootexemptions',
        ],
        required: true,
        help: 'ipsecdiagnostics, ikelogging, strongcrlcheck, ipsecloginterval, ipsecexempt, bootmode or bootexemptions.',
      },
      {
        name: 'value',
        type: 'text',
        required: true,
        help: 'The value: ipsecdiagnostics 0-7, ikelogging 0-2, strongcrlcheck 0-2, ipsecloginterval 60-86400 seconds, ipsecexempt 0-3, bootmode stateful, block or permit, bootexemptions none or protocol:srcport:dstport:direction ….',
      },
    ],
    examples: ['set config ikelogging 1', 'set config property=bootexemptions value="TCP:80:80:inbound ICMP:inbound"'],
  },
  {
    kind: 'dynamic set mmpolicy',
    help: 'Changes a main mode policy of the running agent.',
    tags: [
      named('main mode policy'),
      unchanged(s.qmpermm),
      unchanged(s.mmlifetime),
      unchanged(softsaexpirationtime),
      s.mmsecmethods,
    ],
    examples: ['set mmpolicy name=mm1 mmlifetime=60'],
  },
  {
    kind: 'dynamic set qmpolicy',
    help: 'Changes a quick mode policy of the running agent.',
    tags: [named('quick mode policy'), unchanged(s.soft), unchanged(pfsgroup), s.qmsecmethods],
    examples: ['set qmpolicy name=qm1 soft=yes'],
  },
  {
    kind: 'dynamic set rule',
    help: 'Changes a rule of the running agent, told as it was added.',
    tags: [
      ends.srcaddr,
      ends.dstaddr,
      required(s.protocol),
      required(s.srcport),
      required(s.dstport),
      required(s.mirrored),
      required(s.conntype),
      s.srcmask,
      s.dstmask,
      tunneldstaddress,
      mmpolicy,
      qmpolicy,
      unchanged(actioninbound),
      unchanged(actionoutbound),
      ...authentication,
    ],
    examples: [
      'set rule srcaddr=192.0.2.66 dstaddr=me protocol=any srcport=0 dstport=0 mirrored=yes conntype=all actioninbound=permit',
    ],
  },
  {
    kind: 'dynamic show all',
    help: 'Shows everything the running agent has.',
    tags: [s.resolvedns],
    examples: ['show all'],
  },
  { kind: 'dynamic show config', help: 'Shows the settings.', tags: [], examples: ['show config'] },
  {
    kind: 'dynamic show mmfilter',
    help: 'Shows main mode filters.',
    tags: [
      optionalName('filter'),
      kindOfFilter,
      optionalEnds.srcaddr,
      optionalEnds.dstaddr,
      s.srcmask,
      s.dstmask,
      s.resolvedns,
    ],
    keywords: sayAll,
    needsOne: ['name'],
    examples: ['show mmfilter all type=specific'],
  },
  {
    kind: 'dynamic show mmpolicy',
    help: 'Shows main mode policies.',
    tags: [optionalName('main mode policy')],
    keywords: sayAll,
    needsOne: ['name'],
    examples: ['show mmpolicy all'],
  },
  {
    kind: 'dynamic show mmsas',
    help: 'Shows main mode security associations.',
    tags: [optionalEnds.srcaddr, optionalEnds.dstaddr, s.format, s.resolvedns],
    keywords: sayAll,
    examples: ['show mmsas all', 'show mmsas srcaddr=192.0.2.10'],
  },
  {
    kind: 'dynamic show qmfilter',
    help: 'Shows quick mode filters.',
    tags: [
      optionalName('filter'),
      kindOfFilter,
      optionalEnds.srcaddr,
      optionalEnds.dstaddr,
      s.srcmask,
      s.dstmask,
      ...narrowing,
      s.resolvedns,
    ],
    keywords: sayAll,
    needsOne: ['name'],
    examples: ['show qmfilter all'],
  },
  {
    kind: 'dynamic show qmpolicy',
    help: 'Shows quick mode policies.',
    tags: [optionalName('quick mode policy')],
    keywords: sayAll,
    needsOne: ['name'],
    examples: ['show qmpolicy all'],
  },
  {
    kind: 'dynamic show qmsas',
    help: 'Shows quick mode security associations.',
    tags: [optionalEnds.srcaddr, optionalEnds.dstaddr, unchanged(s.protocol), s.format, s.resolvedns],
    keywords: sayAll,
    examples: ['show qmsas all'],
  },
  {
    kind: 'dynamic show rule',
    help: 'Shows rules of the running agent.',
    tags: [
      {
        name: 'type',
        type: 'word',
        words: ['transport', 'tunnel'],
        default: 'transport',
        help: 'transport or tunnel.',
      },
      optionalEnds.srcaddr,
      optionalEnds.dstaddr,
      s.srcmask,
      s.dstmask,
      ...narrowing,
      s.resolvedns,
    ],
    examples: ['show rule', 'show rule type=tunnel'],
  },
  {
    kind: 'dynamic show stats',
    help: 'Shows counters of IKE and IPsec.',
    tags: [{ name: 'type', type: 'word', words: ['all', 'ike', 'ipsec'], default: 'all', help: 'all, ike or ipsec.' }],
    examples: ['show stats', 'show stats type=ike'],
  },
] as const satisfies readonly CommandRow[]
