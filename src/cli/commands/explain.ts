import { type Command, InvalidArgumentError, Option } from 'commander'
import { PolagentError } from '../../base/errors.ts'
import {
  compile,
  expandedFilterText,
  explain,
  type ExpandedFilter,
  type Explanation,
  type Packet,
  type PacketCourse,
  ruleTitle,
  type Verdict,
  weightText,
} from '../../engine/index.ts'
import { authenticationText, offerText } from '../../policy/actionWords.ts'
import { formatIp, type Ip } from '../../policy/ip.ts'
import { hasPorts, parseProtocol, protocolName } from '../../policy/protocol.ts'
import type { CommandModule } from '../commandTable.ts'
import { expandedFilterJson, processingJson } from '../filterJson.ts'
import { findingsHint } from '../findingText.ts'
import type { Io } from '../io.ts'
import { jsonText } from '../jsonText.ts'
import { addSourceOptions, wholeNumber } from '../options.ts'
import { authenticationJson, filterActionJson, type Json, jsonVersion } from '../policyJson.ts'
import { areaTitle, quoted } from '../policyTree.ts'
import { printable } from '../printable.ts'
import {
  addProcessingOptions,
  factsText,
  parseAddress,
  type ProcessedSource,
  type ProcessingOptions,
  processSource,
} from '../processing.ts'

interface Options extends ProcessingOptions {
  readonly from: Ip
  readonly to: Ip
  readonly protocol?: number
  readonly sport?: number
  readonly dport?: number
  readonly direction?: 'in' | 'out'
  readonly connection?: 'lan' | 'dialup'
  readonly json?: true
}

export const command: CommandModule = {
  define: (explaining: Command, io: Io) => {
    explaining
      .argument('<source>', 'file, - or local')
      .requiredOption('--from <address>', 'source address of the packet', parseAddress)
      .requiredOption('--to <address>', 'destination address of the packet', parseAddress)
      .option('--protocol <protocol>', 'tcp, udp, icmp, … or a number 0-255', protocolOption)
      .option('--sport <port>', 'source port', wholeNumber(0, 65_535))
      .option('--dport <port>', 'destination port', wholeNumber(0, 65_535))
      .addOption(
        new Option('--direction <direction>', 'when the addresses do not say it: arriving or leaving').choices([
          'in',
          'out',
        ]),
      )
      .addOption(new Option('--connection <type>', 'kind of network connection it passes').choices(['lan', 'dialup']))
    addSourceOptions(addProcessingOptions(explaining))
    explaining
      .option('--json', 'one JSON document (docs/schema/explain.schema.json)')
      .action((source: string, options: Options) => explainPacket(source, options, io))
  },
  examples: [
    {
      line: 'polagent explain local --from 198.51.100.7 --to 192.0.2.10 --protocol tcp --dport 445',
      does: 'the verdict for one packet, and the filter that decides it',
    },
    {
      line: 'polagent explain SOFTWARE --me 192.0.2.10 --from 192.0.2.10 --to 10.1.2.3 --json',
      does: 'for the computer the hive belongs to',
    },
  ],
}

function protocolOption(text: string): number {
  const protocol = parseProtocol(text)
  if (protocol === undefined) throw new InvalidArgumentError(`"${text}" is no protocol name or number 0-255.`)
  return protocol
}

async function explainPacket(source: string, options: Options, io: Io): Promise<void> {
  const processed = await processSource(source, options, io)
  try {
    processed.progress.step('compiling the filters')
    const packet = packetOf(options)
    const explanation = explain(processed.expanded, compile(processed.expanded), packet)
    processed.progress.end()
    if (options.json === true) {
      io.out(jsonText(explanationJson(processed, packet, explanation)))
      return
    }
    io.out(explanationText(processed, packet, explanation))
    if (explanation.course === 'through' && options.me === undefined && options.host === undefined) {
      io.err('polagent: neither address is one of this computer; say with --me which address is the own one\n')
    }
    io.err(findingsHint(processed.set.findings, source))
  } finally {
    processed.progress.end()
  }
}

function packetOf(options: Options): Packet {
  // Ports without a protocol are meant for TCP or UDP; which one is not guessed.
  const { protocol, sport, dport, direction, connection } = options
  if (protocol !== undefined && protocol !== 0 && !hasPorts(protocol) && (sport !== undefined || dport !== undefined)) {
    throw new PolagentError('USAGE', { what: `${protocolName(protocol)} has no ports: leave --sport and --dport out` })
  }
  return {
    source: options.from,
    destination: options.to,
    ...(direction === undefined ? {} : { direction }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(sport === undefined ? {} : { sourcePort: sport }),
    ...(dport === undefined ? {} : { destinationPort: dport }),
    ...(connection === undefined ? {} : { connectionType: connection }),
  }
}

const verdictTitle: Record<Verdict['kind'], string> = {
  block: 'BLOCK',
  permit: 'PERMIT',
  protect: 'PROTECT',
  none: 'NONE: no filter matches, the packet passes as it is',
}

const courseTitle: Record<PacketCourse, string> = {
  in: 'arriving',
  out: 'leaving',
  within: 'within this computer',
  through: 'passing through',
}

function explanationText(processed: ProcessedSource, packet: Packet, explanation: Explanation): string {
  const { verdict, decidedBy, others, otherCount, notes } = explanation
  const lines = [verdictTitle[verdict.kind], `  packet      ${packetText(packet)}, ${courseTitle[explanation.course]}`]
  if (decidedBy !== undefined) lines.push(...decisionLines(decidedBy))
  if (verdict.kind === 'protect') lines.push(...protectLines(verdict))
  if (decidedBy !== undefined && others.length > 0) {
    lines.push('  instead of')
    for (const { filter, reason } of others) {
      lines.push(
        `    ${filter.action.padEnd(9)} ${printable(expandedFilterText(filter))} of ${quoted(ruleTitle(filter.rule))}: ${reason}`,
      )
    }
    if (otherCount > others.length) lines.push(`    and ${otherCount - others.length} more`)
  }
  for (const note of notes) lines.push(`  note        ${printable(note.text)}`)
  lines.push(`  host        ${factsText(processed.expanded.facts)}`)
  return `${lines.join('\n')}\n`
}

/** `tcp 198.51.100.7 -> 192.0.2.10:445` */
function packetText(packet: Packet): string {
  const protocol = packet.protocol === undefined || packet.protocol === 0 ? '' : `${protocolName(packet.protocol)} `
  return `${protocol}${endText(packet.source, packet.sourcePort)} -> ${endText(packet.destination, packet.destinationPort)}`
}

function endText(address: Ip, port: number | undefined): string {
  const text = formatIp(address)
  if (port === undefined) return text
  return address.family === 'ipv6' ? `[${text}]:${port}` : `${text}:${port}`
}

function decisionLines(filter: ExpandedFilter): string[] {
  const list =
    filter.filterList.name === undefined ? 'an unnamed filter list' : `filter list ${quoted(filter.filterList.name)}`
  const description = filter.filter.description === undefined ? '' : ` (${printable(filter.filter.description)})`
  const image = filter.isMirrorImage ? ', mirrored' : ''
  return [
    `  decided by  ${printable(expandedFilterText(filter))}${description}`,
    `  filter      ${filter.position + 1} of ${list}${image}; number ${filter.index + 1} in match order`,
    `  rule        ${quoted(ruleTitle(filter.rule))}`,
    `  policy      ${quoted(filter.policy.name)}, ${areaTitle[filter.policy.area]}`,
    `  because     ${weightText(filter.weight)}`,
  ]
}

function protectLines(verdict: Extract<Verdict, { kind: 'protect' }>): string[] {
  const { tunnel } = verdict
  const methods = verdict.authentication.map((method) => printable(authenticationText(method)))
  return [
    `  action      ${verdict.filterAction.name === undefined ? 'negotiate' : quoted(verdict.filterAction.name)}${verdict.perfectForwardSecrecy ? ', perfect forward secrecy' : ''}`,
    ...verdict.offers.map((offer, index) => `  ${(index === 0 ? 'offers' : '').padEnd(12)}${offerText(offer)}`),
    `  authent.    ${methods.length === 0 ? 'none' : methods.join(', else ')}`,
    `  mode        ${tunnel === undefined ? 'transport' : `tunnel to ${formatIp(tunnel.endpoint)}`}`,
  ]
}

function explanationJson(processed: ProcessedSource, packet: Packet, explanation: Explanation): Json {
  const { verdict, decidedBy, others, otherCount, notes, course } = explanation
  const { policies, me } = processingJson(processed.expanded)
  return {
    version: jsonVersion,
    source: processed.set.source,
    policies: policies as Json,
    me: me as Json,
    packet: {
      from: formatIp(packet.source),
      to: formatIp(packet.destination),
      protocol: packet.protocol === undefined ? null : protocolName(packet.protocol),
      protocolNumber: packet.protocol ?? null,
      sport: packet.sourcePort ?? null,
      dport: packet.destinationPort ?? null,
      course,
    },
    verdict: verdict.kind,
    decidedBy:
      decidedBy === undefined
        ? null
        : {
            source: processed.set.source,
            because: weightText(decidedBy.weight),
            filter: expandedFilterJson(decidedBy),
            ...namesOf(decidedBy),
          },
    protection: verdict.kind === 'protect' ? protectionJson(verdict) : null,
    others: others.map(({ filter, lostBy, reason }) => ({ lostBy, reason, filter: expandedFilterJson(filter) })),
    otherCount,
    notes: notes.map((note) => ({ code: note.code, text: note.text })),
  }
}

function namesOf(filter: ExpandedFilter): { readonly [key: string]: Json } {
  return {
    rule: ruleTitle(filter.rule),
    ruleId: filter.rule.id,
    filterList: filter.filterList.name ?? null,
    filterAction: filter.filterAction?.name ?? null,
    policy: filter.policy.name,
    policyId: filter.policy.id,
    area: filter.policy.area,
  }
}

function protectionJson(verdict: Extract<Verdict, { kind: 'protect' }>): Json {
  return {
    filterAction: filterActionJson(verdict.filterAction),
    authentication: verdict.authentication.map(authenticationJson),
    tunnel: verdict.tunnel === undefined ? null : formatIp(verdict.tunnel.endpoint),
    perfectForwardSecrecy: verdict.perfectForwardSecrecy,
    acceptUnsecuredInbound: verdict.acceptUnsecuredInbound,
    fallBackToClear: verdict.fallBackToClear,
  }
}
