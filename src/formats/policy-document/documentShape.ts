import { type Guid, parseGuid } from '../../base/guid.ts'
import { Secret } from '../../base/secret.ts'
import type { Port } from '../../policy/filter.ts'
import { type Ip, parseIp } from '../../policy/ip.ts'
import { parseProtocol } from '../../policy/protocol.ts'
import { parseSide, type Side } from './addressWords.ts'
import type {
  AreaContent,
  DocumentArea,
  DocumentAuthentication,
  DocumentDefaultResponse,
  DocumentFilter,
  DocumentFilterAction,
  DocumentFilterList,
  DocumentMainMode,
  DocumentPolicy,
  DocumentRule,
  DocumentSuite,
  DocumentTunnel,
  InlineAction,
  PolicyDocument,
  Reference,
} from './document.ts'
import type { DocumentNode } from './documentNode.ts'
import { durationPattern, parseDuration } from './durationWords.ts'
import { filterWords, parseFilterLine } from './filterLine.ts'
import { type OfferWords, parseOffer, parseSuite } from './methodWords.ts'
import { isFault } from './parsed.ts'
import { parsePort } from './portWords.ts'
import {
  either,
  type FieldsOf,
  integer,
  type JsonSchema,
  list,
  type Located,
  located,
  mapped,
  named,
  object,
  optional,
  parsed,
  type ReadContext,
  refined,
  required,
  type Shape,
  text,
  word,
  yesNo,
} from './shape.ts'
import { storedShape } from './storedShape.ts'

const definitions = new Map<string, JsonSchema>()

const guidPattern = '^\\{[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\}$'
const guidText = parsed<Guid>(
  (value) => {
    const id = new RegExp(guidPattern).test(value) ? parseGuid(value) : undefined
    return id === undefined
      ? { fault: 'an id is a GUID in braces: {01234567-89ab-cdef-0123-456789abcdef}', at: 0 }
      : { value: id }
  },
  { wants: 'a text with a GUID in braces', pattern: guidPattern },
)

const nonEmpty = parsed<string>((value) => (value === '' ? { fault: 'a name is expected', at: 0 } : { value }), {
  wants: 'a text with a name',
  pattern: '[\\s\\S]',
})
const reference: Shape<Reference> = named(
  'reference',
  located(
    parsed<string>((value) => (value.trim() === '' ? { fault: 'a name is expected', at: 0 } : { value }), {
      wants: 'a text: the name or the id of an object',
      pattern: '\\S',
    }),
  ),
  definitions,
)
const idReference: Shape<Reference> = located(guidText)

const duration = named(
  'duration',
  parsed(parseDuration, {
    wants: 'a time with its unit (8h)',
    pattern: durationPattern,
    examples: ['8h', '90min', '3600s'],
  }),
  definitions,
)

const offer: Shape<OfferWords> = named(
  'quickModeMethod',
  parsed(parseOffer, {
    wants: 'a text with a method',
    pattern: '^\\s*(?:[Aa][Hh]|[Ee][Ss][Pp])[\\[(-]',
    examples: ['ESP[3DES,SHA1]:100000k/3600s', 'AH[SHA1]+ESP[3DES,NONE]'],
  }),
  definitions,
)

const suiteText = named(
  'mainModeMethod',
  parsed(parseSuite, {
    wants: 'a text with a main mode method',
    pattern: '^\\s*[A-Za-z0-9]+-[A-Za-z0-9]+-[A-Za-z0-9]+\\s*$',
    examples: ['3DES-SHA1-DH2048', '3DES-SHA1-2'],
  }),
  definitions,
)

const anyNumber = integer(0, 0xffff_ffff)

const suite = either(
  suiteText,
  object<DocumentSuite>({
    method: required(suiteText, 'Encryption, integrity and Diffie-Hellman group.'),
    lifetime: optional(duration, 'Lifetime of the main mode; default that of the settings.'),
    lifetimeKilobytes: optional(anyNumber, 'Lifetime in kilobytes; 0, the default, is no limit.'),
    quickModeLimit: optional(anyNumber, 'Quick modes per main mode; default that of the settings.'),
    pfs: optional(yesNo, 'New keys for every quick mode; default that of the settings.'),
  }),
)

const mainMode = named(
  'mainMode',
  object<DocumentMainMode>(
    {
      id: optional(guidText, 'Default: derived from the id of the policy.'),
      lifetime: optional(duration, 'How long a main mode lasts; default 8h.'),
      pfs: optional(yesNo, 'Master key perfect forward secrecy; default false.'),
      quickModeLimit: optional(anyNumber, 'Quick modes per main mode; 0, the default, is no limit.'),
      certificateMapping: optional(yesNo, 'Certificates must map to an account; default false.'),
      noCertificateRequest: optional(yesNo, 'Send no certificate request; default false.'),
      methods: optional(list(suite), 'In order of preference; default 3DES-SHA1-2, 3DES-SHA1-DH2048.'),
    },
    { description: 'Key exchange (main mode) settings.' },
  ),
  definitions,
)

interface AuthenticationFields {
  readonly at: number
  readonly psk?: Secret
  readonly rootca?: string
  readonly certmap?: boolean
  readonly excludecaname?: boolean
}

const authenticationMethod: Shape<DocumentAuthentication> = named(
  'authentication',
  either(
    word(['kerberos']),
    mapped(
      refined(
        object<AuthenticationFields>(
          {
            psk: optional(
              mapped(text(), (key) => new Secret(key)),
              'A preshared key, in clear. Whoever can read the document can read the key.',
            ),
            rootca: optional(text(), 'Name of the issuing certificate authority.'),
            certmap: optional(yesNo, 'Map certificates to accounts; default false.'),
            excludecaname: optional(yesNo, 'Leave the authority out of certificate requests; default false.'),
          },
          { wants: 'fields (psk, or rootca with certmap and excludecaname)' },
        ),
        (found, fault) => {
          if ((found.psk === undefined) === (found.rootca === undefined)) fault('either psk or rootca is needed')
          else if (found.psk !== undefined && (found.certmap ?? found.excludecaname) !== undefined) {
            fault('certmap and excludecaname go with rootca')
          }
        },
      ),
      (found): DocumentAuthentication => found as DocumentAuthentication,
    ),
  ),
  definitions,
)
const authentication = list(authenticationMethod)

interface FilterFields {
  readonly at: number
  readonly id?: Guid
  readonly source: Side
  readonly destination: Side
  readonly mirrored?: boolean
  readonly protocol?: number
  readonly sourcePort?: Port
  readonly destinationPort?: Port
  readonly tunnel?: Ip
  readonly description?: string
}

const side = named(
  'address',
  parsed(parseSide, {
    wants: 'a text with an address',
    pattern: '\\S',
    examples: ['me', 'any', '192.0.2.1', '10.0.0.0/8', '10.0.0.1-10.0.0.9', 'dns-servers', 'name(fileserver)'],
  }),
  definitions,
)
const protocol = either(
  parsed<number>(
    (value) => {
      const number = parseProtocol(value)
      return number === undefined
        ? { fault: 'no protocol: a name or a number 0-255 is expected', at: 0 }
        : { value: number }
    },
    { wants: 'a text with a protocol' },
  ),
  integer(0, 255),
)
const port = either(
  parsed(parsePort, { wants: 'a text with ports', pattern: '^(any|\\*|[0-9]{1,5}(-[0-9]{1,5})?)?$' }),
  mapped(integer(0, 65_535), (number): Port => (number === 0 ? { kind: 'any' } : { kind: 'single', port: number })),
)
const ipv4Text = parsed<Ip>(
  (value) => {
    const address = parseIp(value)
    return address?.family === 'ipv4' ? { value: address } : { fault: 'an IPv4 address is expected', at: 0 }
  },
  { wants: 'a text with an IPv4 address' },
)

const filterFields = object<FilterFields>(
  {
    id: optional(guidText, 'Default: derived from the filter list and the filter.'),
    source: required(side, 'Where the traffic comes from.'),
    destination: required(side, 'Where it goes to.'),
    mirrored: optional(yesNo, 'The answers are meant as well; default true.'),
    protocol: optional(protocol, 'Default any.'),
    sourcePort: optional(port, 'Default any.'),
    destinationPort: optional(port, 'Default any.'),
    tunnel: optional(ipv4Text, 'Tunnel endpoint inside the filter, as Windows 2000 has it.'),
    description: optional(text(), 'Free text.'),
  },
  { wants: 'fields (source, destination, …)' },
)

const filterObject: Shape<DocumentFilter> = {
  ...filterFields,
  read: (node, context) => {
    const found = filterFields.read(node, context)
    if (found === undefined) return undefined
    const words = filterWords({
      source: found.source,
      destination: found.destination,
      mirrored: found.mirrored ?? true,
      protocol: found.protocol ?? 0,
      sourcePort: found.sourcePort ?? { kind: 'any' },
      destinationPort: found.destinationPort ?? { kind: 'any' },
      ...(found.tunnel === undefined ? {} : { legacyTunnel: found.tunnel }),
      ...(found.description === undefined || found.description === '' ? {} : { description: found.description }),
    })
    if (isFault(words)) {
      context.problems.add(node.at, words.fault)
      return undefined
    }
    return found.id === undefined ? words.value : { ...words.value, id: found.id }
  },
}

const filterLineShape: Shape<DocumentFilter> = parsed(parseFilterLine, {
  wants: 'a text with a filter (me <-> any tcp :443)',
  pattern: '\\s(<->|->)\\s',
  examples: ['any <-> me tcp :3389', '10.0.0.0/8 -> me udp 1024-65535:53 "resolvers"'],
})

export const filterShape: Shape<DocumentFilter> = named('filter', either(filterLineShape, filterObject), definitions)

/** Filters as a list, or as one text with a filter on each line and `#` comments between them. */
const filters: Shape<readonly Located<DocumentFilter>[]> = named(
  'filters',
  either(list(located(filterShape)), {
    wants: 'a text with one filter a line',
    accepts: (node) => node.kind === 'text',
    read: readFilterText,
    schema: { type: 'string' },
  }),
  definitions,
)

function readFilterText(node: DocumentNode, context: ReadContext): readonly Located<DocumentFilter>[] | undefined {
  if (node.kind !== 'text') return undefined
  const found: Located<DocumentFilter>[] = []
  let isSound = true
  let start = 0
  const { value } = node
  for (let number = 0; start <= value.length; number += 1) {
    const next = value.indexOf('\n', start)
    const line = value.slice(start, next < 0 ? value.length : next).trim()
    start = next < 0 ? value.length + 1 : next + 1
    if (line === '' || line.startsWith('#')) continue
    const words = parseFilterLine(line)
    if (isFault(words)) {
      context.problems.add(placeOfLine(node, number, line, context.text), words.fault)
      isSound = false
    } else {
      found.push({ value: words.value, at: node.at })
    }
  }
  return isSound ? found : undefined
}

/** Where a line of a block text stands: so many lines below the one that announces the block. */
function placeOfLine(node: DocumentNode & { kind: 'text' }, number: number, line: string, whole: string): number {
  if (node.form !== 'block') return node.at
  let at = whole.indexOf('\n', node.at) + 1
  for (let count = 0; count < number && at > 0; count += 1) at = whole.indexOf('\n', at) + 1
  const indent = whole.indexOf(line.slice(0, 1), at)
  return at === 0 || indent < 0 ? node.at : indent
}

const actionFields = {
  action: required(word(['block', 'permit', 'negotiate']), 'What is done with traffic that matches.'),
  methods: optional(
    list(offer),
    'Security methods in order of preference; default ESP[3DES,SHA1]:100000k/3600s, ESP[3DES,MD5]:100000k/3600s.',
  ),
  pfs: optional(yesNo, 'Quick mode makes keys of its own; default false.'),
  inpass: optional(yesNo, 'Accept unsecured traffic that comes in, but answer with IPsec; default false.'),
  soft: optional(yesNo, 'Talk in clear to computers without IPsec; default false.'),
} as const

function checkAction(
  found: InlineAction | DocumentFilterAction,
  fault: (message: string, field?: string) => void,
): void {
  if (found.action === 'negotiate') return
  for (const name of ['methods', 'pfs', 'inpass', 'soft'] as const) {
    if (found[name] !== undefined) fault(`${name} goes with negotiate, not with ${found.action}`, name)
  }
}

const inlineAction = named('inlineAction', refined(object<InlineAction>(actionFields), checkAction), definitions)

const described = {
  name: optional(nonEmpty, 'What people and commands call it.'),
  id: optional(guidText, 'Default: derived from the name, so that the same document always gives the same ids.'),
  description: optional(text(), 'Free text.'),
} as const

/** Ids come from names: one of the two is needed. */
function needsNameOrId(
  found: { readonly name?: string; readonly id?: Guid },
  fault: (message: string, field?: string) => void,
): void {
  if (found.name === undefined && found.id === undefined) fault('a name is needed')
}

const filterAction = named(
  'filterAction',
  refined(
    object<DocumentFilterAction>({
      ...described,
      ...actionFields,
      defaultResponse: optional(yesNo, 'The action of a default response rule; default false.'),
    }),
    (found, fault) => {
      needsNameOrId(found, fault)
      checkAction(found, fault)
    },
  ),
  definitions,
)

const filterList = named(
  'filterList',
  refined(
    object<DocumentFilterList>({
      ...described,
      filters: optional(filters, 'The filters; their order has no meaning.'),
    }),
    needsNameOrId,
  ),
  definitions,
)

interface TunnelFields {
  readonly at: number
  readonly address?: Ip
  readonly name?: string
}

const ipText = parsed<Ip>(
  (value) => {
    const address = parseIp(value)
    return address === undefined ? { fault: 'an IP address is expected', at: 0 } : { value: address }
  },
  { wants: 'a text with an IP address' },
)

const tunnel: Shape<DocumentTunnel> = named(
  'tunnel',
  either(
    parsed<DocumentTunnel>(
      (value) => {
        const address = parseIp(value)
        if (address !== undefined) return { value: { address } }
        if (/^[\d.]*$|[:/\s]/.test(value)) return { fault: 'an IP address or a host name is expected', at: 0 }
        return { value: { name: value } }
      },
      { wants: 'a text with the endpoint' },
    ),
    mapped(
      object<TunnelFields>({
        address: optional(ipText, 'Address of the endpoint.'),
        name: optional(text(), 'DNS name of the endpoint.'),
      }),
      ({ at: _at, ...endpoint }): DocumentTunnel => endpoint,
    ),
  ),
  definitions,
)

const rule = named(
  'rule',
  refined(
    object<DocumentRule>({
      ...described,
      active: optional(yesNo, 'The rule is in force; default true.'),
      filterList: optional(reference, 'The filter list, by name.'),
      filterLists: optional(list(reference), 'Filter lists by name, for a rule that has not just one.'),
      filters: optional(filters, 'The filters, in place of a filter list with a name.'),
      filterAction: required(
        either(reference, inlineAction),
        'The filter action by name, block or permit, or an action written here.',
      ),
      authentication: optional(authentication, 'In order of preference; default kerberos.'),
      tunnel: optional(tunnel, 'Endpoint of a tunnel: address or host name; default none.'),
      connectionType: optional(word(['all', 'lan', 'dialup']), 'Default all.'),
      interface: optional(text(), 'Name of the one interface the rule is for.'),
    }),
    (found, fault) => {
      const given = [found.filterList, found.filterLists, found.filters].filter((part) => part !== undefined)
      if (given.length > 1) fault('a rule has one of filterList, filterLists and filters')
    },
  ),
  definitions,
)

const defaultResponse = named(
  'defaultResponse',
  object<DocumentDefaultResponse>({
    id: optional(guidText, 'Id of the rule; default: derived from the id of the policy.'),
    actionId: optional(guidText, 'Id of its filter action.'),
    active: optional(yesNo, 'Default true; Windows ignores the rule from Vista on.'),
    authentication: optional(authentication, 'In order of preference; default kerberos.'),
    methods: optional(list(offer), 'Default ESP[3DES,SHA1], AH[SHA1].'),
    pfs: optional(yesNo, 'Quick mode makes keys of its own; default false.'),
    soft: optional(yesNo, 'Talk in clear to computers without IPsec; default false.'),
  }),
  definitions,
)

const policy = named(
  'policy',
  refined(
    object<DocumentPolicy>({
      ...described,
      pollingInterval: optional(duration, 'How often the policy is looked at for changes; default 3h.'),
      mainMode: optional(either(mainMode, idReference), 'Key exchange settings.'),
      defaultResponse: optional(
        either(either(yesNo, word(['none'])), defaultResponse),
        'The default response rule: true or false for active or not, none, or its settings; default true.',
      ),
      rules: optional(list(either(rule, idReference)), 'The rules; their order has no meaning.'),
    }),
    needsNameOrId,
  ),
  definitions,
)

const areaFields = {
  assigned: optional(reference, 'The assigned policy, by name.'),
  policies: optional(list(policy), 'The policies.'),
  filterLists: optional(list(filterList), 'Filter lists that rules share.'),
  filterActions: optional(list(filterAction), 'Filter actions that rules share.'),
  stored: optional(storedShape(definitions), 'What the words do not say exactly. Not for editing.'),
} as const satisfies FieldsOf<AreaContent>

const area = named(
  'area',
  object<DocumentArea>({
    area: required(word(['local', 'persistent', 'cache', 'directory']), 'Which area this is.'),
    ...areaFields,
  }),
  definitions,
)

const version: Shape<1> = {
  ...(integer(1, 1) as Shape<1>),
  read: (node, { problems }) => {
    if (node.kind === 'plain' && node.value === 1) return 1
    problems.add(node.at, 'the version of the format is expected, and 1 is the one this polagent knows')
    return undefined
  },
}

export const documentShape: Shape<PolicyDocument> = object<PolicyDocument>({
  polagent: required(version, 'Version of the format.'),
  $schema: optional(text(), 'For editors.'),
  ...areaFields,
  areas: optional(list(area), 'Areas other than the local one, or further ones.'),
})

/** The published schema, docs/schema/policy-document.schema.json. */
export function policyDocumentSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://polagent.invalid/schema/policy-document/1',
    title: 'polagent policy document, version 1',
    ...documentShape.schema,
    $defs: Object.fromEntries(definitions),
  }
}
