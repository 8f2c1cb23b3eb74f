/**
 * IP protocols by name: those of the filter wizard in Windows and of its services\protocol file [D], and those that
 * IANA lists and firewalls meet. Number 0 in a filter means any.
 */
const protocolTable: readonly (readonly [number, string, ...string[]])[] = [
  [1, 'icmp'],
  [2, 'igmp'],
  [3, 'ggp'],
  [4, 'ipip', 'ipv4'],
  [6, 'tcp'],
  [8, 'egp'],
  [12, 'pup'],
  [17, 'udp'],
  [20, 'hmp'],
  [22, 'xns-idp'],
  [27, 'rdp'],
  [41, 'ipv6'],
  [43, 'ipv6-route'],
  [44, 'ipv6-frag'],
  [46, 'rsvp'],
  [47, 'gre'],
  [50, 'esp'],
  [51, 'ah'],
  [58, 'icmpv6', 'ipv6-icmp'],
  [59, 'ipv6-nonxt'],
  [60, 'ipv6-opts'],
  [66, 'rvd'],
  [88, 'eigrp'],
  [89, 'ospf'],
  [94, 'ipip-encap'],
  [103, 'pim'],
  [108, 'ipcomp'],
  [112, 'vrrp'],
  [115, 'l2tp'],
  [132, 'sctp'],
  [136, 'udplite'],
  [255, 'raw'],
]

const nameByNumber = new Map<number, string>([
  [0, 'any'],
  ...protocolTable.map(([number, name]) => [number, name] as const),
])
const numberByName = new Map<string, number>([
  ['any', 0],
  ...protocolTable.flatMap(([number, ...names]) => names.map((name) => [name, number] as const)),
])

/** `tcp`, or the number as text when it has no common name; `any` for 0. */
export function protocolName(protocol: number): string {
  return nameByNumber.get(protocol) ?? String(protocol)
}

/** A name in any case or a number 0–255; `undefined` when it is neither. */
export function parseProtocol(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase()
  if (/^\d{1,3}$/.test(trimmed)) {
    const number = Number(trimmed)
    return number <= 255 ? number : undefined
  }
  return numberByName.get(trimmed)
}

/** Every name parseProtocol takes. */
export function protocolNames(): readonly string[] {
  return [...numberByName.keys()]
}

/** The protocol has port numbers. */
export function hasPorts(protocol: number): boolean {
  return protocol === 6 || protocol === 17 || protocol === 132 || protocol === 136
}
