import { ends, shared, unchanged } from './tags.ts'
import type { CommandRow, TagRow } from './tagTypes.ts'

const s = shared

function named<const T extends string>(what: T) {
  return { name: 'name', type: 'name', required: true, help: `Name of the ${what}.` } as const satisfies TagRow
}

function optionalName<const T extends string>(what: T) {
  return { name: 'name', type: 'name', help: `Name of the ${what}.` } as const satisfies TagRow
}

const guid = { name: 'guid', type: 'guid', insteadOf: 'name', help: 'Its id, instead of the name.' } as const
const ruleId = {
  name: 'id',
  type: 'number',
  least: 1,
  most: 2_147_483_647,
  insteadOf: 'name',
  help: 'Its number in `show rule`, instead of the name.',
} as const
const policyOfRule = { name: 'policy', type: 'name', required: true, help: 'The policy it belongs to.' } as const
const ofRule = {
  name: 'rule',
  type: 'name',
  insteadOf: 'name',
  help: 'What the rule of that name uses, instead of a name.',
} as const
const tunnel = {
  name: 'tunnel',
  type: 'endpoint',
  help: 'Address or DNS name of the tunnel endpoint; none leaves the rule in transport mode.',
} as const
const activate = { name: 'activate', type: 'yes-no', default: 'yes', help: 'Whether the rule counts.' } as const
const authentication = [s.kerberos, s.psk, s.rootca] as const
const activatedefaultrule = {
  name: 'activatedefaultrule',
  type: 'yes-no',
  default: 'yes',
  help: 'Whether the default response rule is active; Windows Vista and later ignore that rule.',
} as const
const assign = {
  name: 'assign',
  type: 'yes-no',
  default: 'no',
  help: 'Whether the policy is the one in force; it takes the place of the one that was.',
} as const
const sayAll = ['all'] as const

/** `netsh ipsec static` (netsh-ipsec.md 4). Tags stand in positional order. */
export const staticTable = [
  {
    kind: 'static add filter',
    help: 'Adds a filter to a filter list.',
    tags: [
      {
        name: 'filterlist',
        type: 'name',
        required: true,
        help: 'The filter list; one that does not exist is created.',
      },
      ends.srcaddr,
      ends.dstaddr,
      s.description,
      s.protocol,
      s.mirrored,
      s.srcmask,
      s.dstmask,
      s.srcport,
      s.dstport,
    ],
    remarks: ['A server word on one side needs me on the other.', 'Ports go with TCP and UDP only.'],
    examples: [
      'add filter filterlist=Web srcaddr=any dstaddr=me protocol=TCP dstport=443',
      'add filter Office 198.51.100.0 me srcmask=24',
    ],
  },
  {
    kind: 'static add filteraction',
    help: 'Creates a filter action.',
    tags: [named('filter action'), s.description, s.qmpfs, s.inpass, s.soft, s.action, s.qmsecmethods],
    remarks: ['Security methods count only when the action is negotiate.'],
    examples: [
      'add filteraction name=Drop action=block',
      'add filteraction name=Secure qmpfs=yes qmsec="ESP[3DES,SHA1]:100000k/3600s"',
    ],
  },
  {
    kind: 'static add filterlist',
    help: 'Creates an empty filter list.',
    tags: [named('filter list'), s.description],
    examples: ['add filterlist name=Web description="Web servers"'],
  },
  {
    kind: 'static add policy',
    help: 'Creates a policy and its default response rule.',
    tags: [
      named('policy'),
      s.description,
      s.mmpfs,
      s.qmpermm,
      s.mmlifetime,
      activatedefaultrule,
      s.pollinginterval,
      assign,
      s.mmsecmethods,
    ],
    examples: [
      'add policy Office mmpfs= yes',
      'add policy name=Office activatedefaultrule=no mmsec="3DES-SHA1-3 3DES-SHA1-2"',
    ],
  },
  {
    kind: 'static add rule',
    help: 'Creates a rule in a policy.',
    tags: [
      { ...named('rule'), help: 'Name of the rule, unique within the policy.' },
      policyOfRule,
      { name: 'filterlist', type: 'name', required: true, help: 'The filter list it applies to.' },
      { name: 'filteraction', type: 'name', required: true, help: 'The filter action that applies.' },
      tunnel,
      s.conntype,
      activate,
      s.description,
      ...authentication,
    ],
    remarks: ['Authentication methods are tried in the order given; without any, Kerberos is used.'],
    examples: [
      'add rule name=R1 policy=Office filterlist=Web filteraction=Secure',
      'add rule name=R2 policy=Office filterlist=Branch filteraction=Secure tunnel=203.0.113.2 kerberos=yes',
    ],
  },
  {
    kind: 'static delete all',
    help: 'Deletes every policy, filter list and filter action.',
    tags: [],
    examples: ['delete all'],
  },
  {
    kind: 'static delete filter',
    help: 'Deletes every filter of a list that matches.',
    tags: [
      { name: 'filterlist', type: 'name', required: true, help: 'The filter list.' },
      ends.srcaddr,
      ends.dstaddr,
      unchanged(s.protocol),
      s.srcmask,
      s.dstmask,
      unchanged(s.srcport),
      unchanged(s.dstport),
      unchanged(s.mirrored),
    ],
    remarks: ['Tags that are not given match everything.', 'The list stays, even when it is empty.'],
    examples: ['delete filter filterlist=Web srcaddr=any dstaddr=me dstport=80'],
  },
  {
    kind: 'static delete filteraction',
    help: 'Deletes a filter action that no rule uses, or all of those.',
    tags: [optionalName('filter action')],
    keywords: sayAll,
    needsOne: ['name'],
    examples: ['delete filteraction name=Secure', 'delete filteraction all'],
  },
  {
    kind: 'static delete filterlist',
    help: 'Deletes a filter list that no rule uses, or all of those.',
    tags: [optionalName('filter list')],
    keywords: sayAll,
    needsOne: ['name'],
    examples: ['delete filterlist name=Web', 'delete filterlist all'],
  },
  {
    kind: 'static delete policy',
    help: 'Deletes a policy with its rules, or all of them.',
    tags: [optionalName('policy')],
    keywords: sayAll,
    needsOne: ['name'],
    examples: ['delete policy Office', 'delete policy all'],
  },
  {
    kind: 'static delete rule',
    help: 'Deletes a rule of a policy, or all but the default response rule.',
    tags: [optionalName('rule'), ruleId, policyOfRule],
    keywords: sayAll,
    needsOne: ['name', 'id'],
    examples: ['delete rule name=R1 policy=Office', 'delete rule id=2 policy=Office', 'delete rule all policy=Office'],
  },
  { kind: 'static dump', help: 'Prints a script that builds what the store holds.', tags: [], examples: ['dump'] },
  {
    kind: 'static exportpolicy',
    help: 'Writes all policies of the store to a file.',
    tags: [{ name: 'file', type: 'file', required: true, help: 'The file; without extension it gets .ipsec.' }],
    examples: ['exportpolicy file=backup.ipsec'],
  },
  {
    kind: 'static importpolicy',
    help: 'Reads policies from a file into the store; what has the same id is replaced.',
    tags: [{ name: 'file', type: 'file', required: true, help: 'The file.' }],
    examples: ['importpolicy file=backup.ipsec'],
  },
  {
    kind: 'static restorepolicyexamples',
    help: 'Puts the three sample policies into the local store.',
    tags: [
      {
        name: 'release',
        type: 'word',
        words: ['win2k', 'win2003'],
        required: true,
        help: 'Whose samples: win2k or win2003.',
      },
    ],
    remarks: ['Windows Vista and later have no samples.'],
    examples: ['restorepolicyexamples release=win2003'],
  },
  {
    kind: 'static set batch',
    help: 'Keeps the store open between commands, and hands on changes at the end.',
    tags: [
      {
        name: 'mode',
        type: 'word',
        words: ['enable', 'disable'],
        required: true,
        help: 'enable or disable.',
      },
    ],
    examples: ['set batch mode=enable'],
  },
  {
    kind: 'static set defaultrule',
    help: 'Changes the default response rule of a policy.',
    tags: [
      { name: 'policy', type: 'name', required: true, help: 'The policy.' },
      unchanged(s.qmpfs),
      unchanged(activate),
      s.qmsecmethods,
      ...authentication,
    ],
    examples: ['set defaultrule policy=Office activate=no'],
  },
  {
    kind: 'static set filteraction',
    help: 'Changes a filter action.',
    tags: [
      optionalName('filter action'),
      guid,
      s.newname,
      s.description,
      unchanged(s.qmpfs),
      unchanged(s.inpass),
      unchanged(s.soft),
      unchanged(s.action),
      s.qmsecmethods,
    ],
    needsOne: ['name', 'guid'],
    examples: ['set filteraction name=Secure qmpfs=yes'],
  },
  {
    kind: 'static set filterlist',
    help: 'Changes the name or description of a filter list.',
    tags: [optionalName('filter list'), guid, s.newname, s.description],
    needsOne: ['name', 'guid'],
    examples: ['set filterlist name=Web newname="Web servers"'],
  },
  {
    kind: 'static set policy',
    help: 'Changes a policy, assigns it or unassigns it.',
    tags: [
      optionalName('policy'),
      guid,
      s.newname,
      s.description,
      unchanged(s.mmpfs),
      unchanged(s.qmpermm),
      unchanged(s.mmlifetime),
      unchanged(activatedefaultrule),
      unchanged(s.pollinginterval),
      unchanged(assign),
      {
        name: 'gponame',
        type: 'name',
        help: 'Group policy object that assigns the policy, when the store is a domain.',
      },
      s.mmsecmethods,
    ],
    needsOne: ['name', 'guid'],
    examples: ['set policy name=Office assign=y', 'set policy name=Office mmlifetime=60 newname="Head office"'],
  },
  {
    kind: 'static set rule',
    help: 'Changes a rule of a policy.',
    tags: [
      optionalName('rule'),
      ruleId,
      policyOfRule,
      s.newname,
      s.description,
      { name: 'filterlist', type: 'name', help: 'The filter list it applies to.' },
      { name: 'filteraction', type: 'name', help: 'The filter action that applies.' },
      { ...tunnel, help: 'Address or DNS name of the tunnel endpoint; no makes it a transport rule.' },
      unchanged(s.conntype),
      unchanged(activate),
      ...authentication,
    ],
    needsOne: ['name', 'id'],
    remarks: ['Authentication methods that are given take the place of all that were there.'],
    examples: ['set rule name=R1 policy=Office activate=no', 'set rule id=2 policy=Office filterlist=Web'],
  },
  {
    kind: 'static set store',
    help: 'Says which store later commands work on.',
    tags: [
      {
        name: 'location',
        type: 'word',
        words: ['local', 'persistent', 'domain'],
        required: true,
        help: 'local, persistent (policy that is applied first at start-up) or domain.',
      },
      { name: 'domain', type: 'text', help: 'DNS name of the domain; without it, the one of this computer.' },
    ],
    examples: ['set store location=local', 'set store location=domain domain=corp.example'],
  },
  { kind: 'static show all', help: 'Shows everything in the store.', tags: [s.format, s.wide], examples: ['show all'] },
  {
    kind: 'static show filteraction',
    help: 'Shows filter actions.',
    tags: [optionalName('filter action'), ofRule, s.level, s.format, s.wide],
    keywords: sayAll,
    needsOne: ['name', 'rule'],
    examples: ['show filteraction all', 'show filteraction name=Secure level=verbose'],
  },
  {
    kind: 'static show filterlist',
    help: 'Shows filter lists.',
    tags: [optionalName('filter list'), ofRule, s.level, s.format, s.resolvedns, s.wide],
    keywords: sayAll,
    needsOne: ['name', 'rule'],
    examples: ['show filterlist all format=table', 'show filterlist name=Web level=verbose'],
  },
  {
    kind: 'static show gpoassignedpolicy',
    help: 'Shows the policy that Group Policy assigns.',
    tags: [
      {
        name: 'name',
        type: 'name',
        help: 'Group policy object; without it, what applies to this computer.',
      },
    ],
    examples: ['show gpoassignedpolicy'],
  },
  {
    kind: 'static show policy',
    help: 'Shows policies.',
    tags: [optionalName('policy'), s.level, s.format, s.wide],
    keywords: sayAll,
    needsOne: ['name'],
    examples: ['show policy all', 'show policy name=Office level=verbose'],
  },
  {
    kind: 'static show rule',
    help: 'Shows rules of a policy.',
    tags: [
      optionalName('rule'),
      ruleId,
      policyOfRule,
      {
        name: 'type',
        type: 'word',
        words: ['tunnel', 'transport'],
        help: 'Only rules of that kind: tunnel or transport.',
      },
      s.level,
      s.format,
      s.wide,
    ],
    keywords: ['all', 'default'],
    needsOne: ['name', 'id'],
    examples: ['show rule all policy=Office', 'show rule id=1 policy=Office level=verbose'],
  },
  { kind: 'static show store', help: 'Shows which store commands work on.', tags: [], examples: ['show store'] },
] as const satisfies readonly CommandRow[]
