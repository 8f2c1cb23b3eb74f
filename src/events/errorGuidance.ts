/** What an error code means for a policy agent, and what to do: our words. */
export interface ErrorGuidance {
  readonly cause: string
  /** Steps that mend it, in order; text in back quotes is a command. */
  readonly fix: readonly string[]
  /** How to see that it is mended. */
  readonly check: readonly string[]
  /**
   * Where it comes from. documented: a Microsoft page on the event, or the text of the code itself, says so. infer: our
   * reading of where an agent can meet the code; Windows does not document which code its agent uses where.
   */
  readonly basis: 'documented' | 'infer'
}

export interface GuidanceRow extends ErrorGuidance {
  readonly codes: readonly number[]
}

const applied = [
  '`polagent reload`',
  '`polagent events --last 5`: 5471 and 5460 must be there, and no new 5461, 5462 or 5472.',
]
const directoryApplied = [
  '`polagent reload` (on Windows: `gpupdate /force`).',
  '`polagent events --id 5456-5474 --last 5`: 5473 and 5456 (after an outage 5467 or 5468) must be there, and no new 5457 or 5474.',
]
const negotiated = [
  'Start a connection that the rule covers, and look for 4650 or 4651 (main mode) and 5451 (quick mode) in the Security log, and for no new 4652, 4653 or 4654.',
]
const restoreStore = [
  '`polagent check local` names what is wrong.',
  '`polagent history` lists the kept generations; `polagent restore --last` goes back to the one before.',
  'When none is good: `polagent import SOURCE` with an export, hive or backup, then `polagent assign NAME`.',
]

/** The first row that has a code counts. */
export const errorGuidance: readonly GuidanceRow[] = [
  {
    codes: [0],
    cause: 'Nothing failed.',
    fix: ['Nothing to do.'],
    check: ['`polagent status`'],
    basis: 'documented',
  },
  // Local storage
  {
    codes: [2],
    cause:
      'Something that is referred to is not there: the local store itself, the assigned policy, or a filter list, filter action or main mode object that a rule or policy refers to.',
    fix: [
      '`polagent check local` names the missing object, or says that there is no store.',
      'No store: `polagent import SOURCE`, then `polagent assign NAME`.',
      'The assigned policy is gone: `polagent assign NAME` with one that `polagent show local` lists.',
      'A part of the policy is gone: `polagent restore --last`, or import the policy again.',
    ],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [3],
    cause:
      'The directory the store or the event log should be in does not exist, or the state directory is another one.',
    fix: [
      '`polagent status` names the state directory; --state-dir and POLAGENT_STATE_DIR choose it.',
      'Create it, or mount the file system it belongs to, and start the agent again.',
    ],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [4],
    cause: 'The process or the system has no file descriptor left.',
    fix: [
      'Find what holds so many files open: `ls /proc/PID/fd | wc -l` for the largest processes.',
      'Raise the limit of the service (LimitNOFILE=) or of the system (fs.file-max).',
    ],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [5, 65],
    cause:
      'The account the agent runs as may not read or write what it needs: the store or its directory, or in the directory the objects below CN=IP Security,CN=System.',
    fix: [
      'Look at the owner and permissions of the state directory (`ls -ln`); everything in it belongs to the account of the agent, mode 0700 and 0600.',
      'See whether a security module refused the access: `journalctl -k | grep -i -e apparmor -e avc`.',
      'In the directory: let the computer account read the IP Security container.',
    ],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [8, 14, 1130, 1450, 1451, 1452, 1453, 1454, 1455],
    cause:
      'There was not enough memory: on the whole system, under the limit of the service, or under the agent’s own --memory-limit. The policy in force before stays in force.',
    fix: [
      'See who holds the memory: `free -m`, `ps -eo rss,comm --sort=-rss | head`.',
      'See whether a limit was reached: `systemctl show -p MemoryMax -p MemoryCurrent` of the service, `journalctl -k | grep -i oom`.',
      'End what is not needed, raise the limit, add memory, or make the policy smaller; the agent tries again by itself.',
    ],
    check: applied,
    basis: 'documented',
  },
  {
    codes: [1816],
    cause: 'A quota is used up: of memory for the agent, or a limit the directory server sets for one request.',
    fix: [
      'Memory: see `free -m` and the limits of the service, as for code 14.',
      'Directory: ask for less at once, or let its administrator raise the limit.',
    ],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [13],
    cause:
      'An object of the policy was read, but its data cannot be understood: cut short, of another class, or with values that do not exist.',
    fix: [
      '`polagent check local` names the object, the place in its data and the reason.',
      'Open and save the rule in the editor it was made with, or `polagent restore --last`, or import the policy again from where it is whole.',
    ],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [1305, 1306],
    cause: 'The data are of a newer or unknown revision: written by a newer version than the one that reads them.',
    fix: ['Use the version that wrote them, or update this one; `polagent --version` tells which it is.'],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [15, 21, 110],
    cause:
      'The disk or the network share the data lie on is not there, or the directory server could not work on the request (LDAP operationsError gives 110).',
    fix: [
      'See that the file system of the state directory is mounted: `findmnt -T DIRECTORY`.',
      'When the source is a directory: see that the connection is bound before it is searched, and try another domain controller.',
    ],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [19],
    cause: 'The file system is read-only: mounted so, or turned so by the kernel after a disk error.',
    fix: [
      '`findmnt -T DIRECTORY` shows how it is mounted, `journalctl -k` whether there was an error.',
      'Mend the file system and mount it writable, or name another state directory with --state-dir.',
    ],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [29, 1117],
    cause: 'The system could not write to, or read from, the device: mostly a full or failing disk.',
    fix: [
      '`df -h DIRECTORY` and `df -i DIRECTORY` show space, `journalctl -k` shows disk errors.',
      'Free space or replace the disk; nothing that was stored before has changed.',
    ],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [112, 82, 1019],
    cause:
      'The disk, or the quota of the account, is full; the store or the event log could not be written and is unchanged.',
    fix: [
      '`df -h DIRECTORY` and `df -i DIRECTORY` show what is left; `du -xh DIRECTORY | sort -h | tail` what holds it.',
      'Free space; events that could not be written are written then.',
    ],
    check: ['`polagent status` no longer says that events cannot be written.', ...applied],
    basis: 'infer',
  },
  {
    codes: [32, 33, 170],
    cause: 'Another process holds the store or the log and is changing it, or the directory server is busy.',
    fix: [
      'Wait until it has finished, or see who it is: `fuser -v FILE`. A lock left by a process that died is taken over by itself.',
    ],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [50, 1052],
    cause: 'This version cannot do what was asked.',
    fix: ['Run the agent with --observe: it processes the policy and says what it would do.'],
    check: ['`polagent status`'],
    basis: 'infer',
  },
  {
    codes: [87],
    cause:
      'A reference or an argument is malformed: an ActivePolicy value or a reference between objects that names no object, or a search the directory server did not accept.',
    fix: [
      '`polagent check local` names the object and the value.',
      'Wrong assignment: `polagent assign NAME`. Wrong reference: open and save the rule in its editor, or `polagent restore --last`.',
    ],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [124],
    cause:
      'A request was refused as not understood; LDAP protocolError gives this code: what answers is perhaps no LDAP version 3 server.',
    fix: ['See what listens at the address and port the directory is looked for at.'],
    check: directoryApplied,
    basis: 'infer',
  },
  {
    codes: [122, 234],
    cause: 'There was more data than the reader took; with LDAP: the server gave only a part of the results.',
    fix: [
      'Read again; when it stays, the directory limits the size of results: let its administrator raise the limit.',
    ],
    check: directoryApplied,
    basis: 'infer',
  },
  {
    codes: [123, 161, 206, 111],
    cause: 'A path or name is malformed or too long.',
    fix: ['Check the path given with --state-dir or as SOURCE, and the distinguished name of the policy.'],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [183, 80],
    cause:
      'Two things have the same identity: two objects of one class with one id in the store, or a filter that exists already.',
    fix: [
      '`polagent check local` names both objects (DUPLICATE_ID); the first is used.',
      'Delete the one that is not meant, or import the policy again with new ids.',
    ],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [259],
    cause:
      'A listing ended before the wanted object was found: a key with no more entries, or a search without a result.',
    fix: restoreStore,
    check: applied,
    basis: 'infer',
  },
  {
    codes: [1003],
    cause:
      'The operation could not be completed; the directory server gives it as unwillingToPerform and similar results.',
    fix: ['Look at the log of the directory server for the reason, or try another domain controller.'],
    check: directoryApplied,
    basis: 'infer',
  },
  {
    codes: [1009, 1017],
    cause:
      'The file that should hold the registry is no registry hive: overwritten, emptied, of another format, or damaged at its very beginning. On Windows also: low memory or damaged local policy storage.',
    fix: restoreStore,
    check: applied,
    basis: 'infer',
  },
  {
    codes: [1015, 1010, 1018],
    cause:
      'The local store is a registry hive, but its structure is damaged: cut short, a write that did not end, or a disk error.',
    fix: [...restoreStore, 'See whether the disk is failing: `journalctl -k`, `smartctl -a DEVICE`.'],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [1011, 1012, 1013],
    cause:
      'The key of the policy storage could not be opened, read or written: a right is missing, or the hive is damaged there.',
    fix: ['See that the account of the agent may read the store (code 5).', ...restoreStore],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [1014],
    cause: 'The registry was mended from its log or a copy while it was loaded. The change made last may be missing.',
    fix: ['Compare with what you expect: `polagent show local`; enter again what is missing.'],
    check: applied,
    basis: 'documented',
  },
  {
    codes: [1016],
    cause:
      'The disk did not give or take the data of the store: a hardware error, or a network file system that went away.',
    fix: [
      '`journalctl -k` shows the error; see the health of the disk with `smartctl -a DEVICE`.',
      'Move the state directory to a good disk and restore the store there: `polagent history`, `polagent restore --last`.',
    ],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [1168, 1169],
    cause: 'Something that was looked for is not there: an object, an attribute, or an entry of a listing.',
    fix: ['`polagent check local` names references that lead nowhere.', ...restoreStore.slice(1)],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [1359],
    cause:
      'polagent met a state it should not meet. This is a fault of polagent; the policy in force before stays in force.',
    fix: [
      '`polagent status` shows the reason of the last failure.',
      'Report it with that reason and, where you may, the store. `polagent reload` tries again.',
    ],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [1460, 121],
    cause:
      'The work did not end in time: a very large policy on a slow machine, a store on a hanging file system, or a server that does not answer.',
    fix: [
      'See whether the store can be read at all: `time polagent check local`.',
      'With a directory: see the way to the domain controller (`ping`, `nc -vz HOST 389`).',
      '`polagent reload` tries again; the agent also does so by itself.',
    ],
    check: applied,
    basis: 'infer',
  },
  {
    codes: [1465],
    cause: 'Text that should be XML is not: cut short or damaged.',
    fix: ['Restore the file from a backup or export it again.'],
    check: applied,
    basis: 'documented',
  },
  {
    codes: [1629, 1630],
    cause: 'A value has another type than it should have.',
    fix: [
      '`polagent check local` names it (VALUE_TYPE, REFERENCE_TYPE). Import the policy again from where it is whole.',
    ],
    check: applied,
    basis: 'infer',
  },
  // The event log
  {
    codes: [1500, 1501, 1503],
    cause: 'The file of the event log is damaged, is no event log, or changed while it was read.',
    fix: [
      'Nothing needs to be done for new events: the agent moves a damaged log aside and begins a new one, in which record numbers go on rising.',
      'Older events: `polagent events --file FILE` on the file that was moved aside shows what can be read; or a backup.',
      'See whether the disk is failing: `journalctl -k`.',
    ],
    check: ['`polagent events --last 5`'],
    basis: 'infer',
  },
  {
    codes: [1502],
    cause: 'The event log has reached its size limit and must not be overwritten.',
    fix: ['Export it (`polagent events export`), then make room as the retention setting of the log says.'],
    check: ['`polagent events --last 5`'],
    basis: 'documented',
  },
  // The service
  {
    codes: [1053],
    cause: 'The service did not answer in time. LDAP timeouts are given this code too.',
    fix: [
      'Look at the output of the agent (`journalctl -u polagent`); with a directory, at the way to the domain controller.',
    ],
    check: ['`polagent status`', ...directoryApplied],
    basis: 'infer',
  },
  {
    codes: [1056],
    cause: 'An agent is already running on this state directory.',
    fix: [
      'Use the running one (`polagent status`), stop it, or give the other a state directory of its own with --state-dir.',
    ],
    check: ['`polagent status`'],
    basis: 'documented',
  },
  {
    codes: [1058],
    cause: 'The service is disabled, or nothing that would start it is enabled.',
    fix: [
      'On Windows: `sc config PolicyAgent start= auto`, `net start PolicyAgent`.',
      'Here: start the agent with `polagent run`, or enable its unit.',
    ],
    check: ['`polagent status`', '`polagent events --id 5478,4709 --last 2`'],
    basis: 'documented',
  },
  {
    codes: [1060],
    cause: 'There is no service of that name on this computer.',
    fix: ['On Windows the agent’s service is called PolicyAgent. Here the agent is started with `polagent run`.'],
    check: ['`polagent status`'],
    basis: 'documented',
  },
  {
    codes: [1062],
    cause: 'No agent is running on this state directory.',
    fix: ['Start it with `polagent run`, or name the right directory with --state-dir.'],
    check: ['`polagent status`', '`polagent events --id 5478,5479 --last 2`'],
    basis: 'documented',
  },
  {
    codes: [1067, 1064, 1066],
    cause: 'The service ended unexpectedly.',
    fix: ['Look at what it wrote last: `polagent events --last 10`, `journalctl -u polagent`; then start it again.'],
    check: ['`polagent status`', '`polagent events --id 5478,5479,5484 --last 3`'],
    basis: 'documented',
  },
  {
    codes: [1068, 1075],
    cause: 'A service this one needs did not start or is not there.',
    fix: [
      'See which one: on Windows `sc qc PolicyAgent`, here `systemctl list-dependencies --failed`. Mend and start it first.',
    ],
    check: ['`polagent status`'],
    basis: 'documented',
  },
  {
    codes: [1069, 1057],
    cause: 'The account of the service is wrong, or its password is.',
    fix: ['Correct the account of the service and start it again.'],
    check: ['`polagent status`'],
    basis: 'documented',
  },
  {
    codes: [1115],
    cause: 'The computer is shutting down.',
    fix: ['Nothing to do; start the agent again after the shutdown.'],
    check: ['`polagent status`'],
    basis: 'documented',
  },
  // Finding and reaching a directory
  {
    codes: [1311, 1355, 1908, 1265],
    cause:
      'No domain controller was found or could be reached: name resolution, the network, or the domain’s name is wrong.',
    fix: [
      'See whether the records of the domain resolve: `dig SRV _ldap._tcp.dc._msdcs.DOMAIN`.',
      'See whether a controller answers: `nc -vz HOST 389`. On Windows: `nltest /dsgetdc:DOMAIN`.',
      'Mend DNS servers, routes or firewall rules; the cached copy of the policy stays in force meanwhile.',
    ],
    check: directoryApplied,
    basis: 'documented',
  },
  {
    codes: [9003, 11001, 11004, 9501, 9701],
    cause: 'A name does not resolve: of the domain, of a domain controller, or of a host that a filter names.',
    fix: [
      '`getent hosts NAME`, and for a domain `dig SRV _ldap._tcp.dc._msdcs.DOMAIN`.',
      'Correct the name in the filter, or the DNS servers this host asks (`resolvectl status`, /etc/resolv.conf).',
    ],
    check: directoryApplied,
    basis: 'infer',
  },
  {
    codes: [9002, 9005, 11002, 11003],
    cause: 'The DNS server gave no answer, or refused to.',
    fix: [
      'See whether it can be reached: `dig @SERVER NAME`. Use another DNS server, or mend it. The agent tries again by itself.',
    ],
    check: directoryApplied,
    basis: 'infer',
  },
  {
    codes: [1225, 10061, 1234],
    cause: 'The other host is there, but nothing listens at the port, or a firewall answers for it.',
    fix: ['See whether the service runs there and at which port (LDAP 389, LDAPS 636): `nc -vz HOST PORT`.'],
    check: directoryApplied,
    basis: 'documented',
  },
  {
    codes: [10060, 1231, 1232, 1256, 10050, 10051, 10064, 10065, 53, 51, 1203, 1222],
    cause:
      'The other host cannot be reached: no route, it is down, a firewall drops the packets, or a filter of the IPsec policy itself blocks the way.',
    fix: [
      '`ip route get ADDRESS`, `ping ADDRESS`, `nc -vz HOST PORT`.',
      'See what the policy says about these packets: `polagent explain local --from OWN --to ADDRESS --protocol tcp --dport PORT`.',
    ],
    check: directoryApplied,
    basis: 'documented',
  },
  {
    codes: [55, 58, 59, 64, 1236, 10053, 10054, 8250],
    cause:
      'The connection to the server broke, or the server could not answer: it went down, or what answered is not the expected service. LDAP gives unavailable as 55, serverDown as 58.',
    fix: [
      'See whether the server runs, and look at its log; try another domain controller. The agent tries again by itself.',
    ],
    check: directoryApplied,
    basis: 'infer',
  },
  {
    codes: [1722, 1753],
    cause: 'The remote procedure service of the other side, or of this computer, does not run or is not reachable.',
    fix: ['On Windows: `sc query RpcSs`; see that ports 135 and the dynamic ones are open between the hosts.'],
    check: ['`polagent events --id 5478,5483 --last 2`: on Windows 5478 without a new 5483.'],
    basis: 'documented',
  },
  // Signing on to a directory
  {
    codes: [1326, 1323],
    cause:
      'The directory did not accept the name or password; for a computer account: the password here and there differ.',
    fix: [
      'Check the account the agent binds with. A computer account: join the domain again, or reset its password.',
      'See the ticket and keytab: `klist`, `klist -k`.',
    ],
    check: directoryApplied,
    basis: 'documented',
  },
  {
    codes: [1327, 1328, 1330, 1331, 1239, 1240, 1385],
    cause: 'The account exists, but may not sign on: disabled, expired, or restricted in time or place.',
    fix: ['Let an administrator of the domain enable it or lift the restriction.'],
    check: directoryApplied,
    basis: 'documented',
  },
  {
    codes: [1317, 1787, 1788, 1789],
    cause: 'The domain does not know this computer (any more), or the trust between them is broken.',
    fix: ['Join the computer to the domain again. On Windows: `Test-ComputerSecureChannel -Repair`.'],
    check: directoryApplied,
    basis: 'documented',
  },
  {
    codes: [1396, 1397],
    cause:
      'The server is not the one the ticket was made for: a wrong or doubled service name, or an old password of the server’s account.',
    fix: ['Reach the controller by its full name, not by address; look for doubled names with `setspn -X` on Windows.'],
    check: directoryApplied,
    basis: 'infer',
  },
  {
    codes: [1398],
    cause:
      'The clocks of this host and of the domain controller differ too much for Kerberos (by default more than 5 minutes).',
    fix: ['Set the clock: `timedatectl`, `chronyc tracking`; let both sides use one source of time.'],
    check: directoryApplied,
    basis: 'documented',
  },
  {
    codes: [1314, 1300],
    cause: 'The process lacks a right it needs: on Linux it is not root and lacks a capability.',
    fix: ['Run the agent as root, or give its unit the capabilities it needs.'],
    check: applied,
    basis: 'infer',
  },
  // In a directory
  {
    codes: [8240],
    cause:
      'The object that was asked for is not in the directory: the policy was deleted, or the pointer in the Group Policy object is old.',
    fix: [
      'See which policy the Group Policy object names and whether it is still below CN=IP Security,CN=System.',
      'Assign an existing policy in the Group Policy object.',
    ],
    check: directoryApplied,
    basis: 'documented',
  },
  {
    codes: [8344],
    cause: 'The account the agent binds with may not read the objects of the policy.',
    fix: ['Let the computer account read CN=IP Security,CN=System and what is below it.'],
    check: directoryApplied,
    basis: 'documented',
  },
  {
    codes: [8206],
    cause: 'The directory server is too busy to answer.',
    fix: ['Try again later, or another domain controller; the agent does so by itself.'],
    check: directoryApplied,
    basis: 'documented',
  },
  {
    codes: [8341],
    cause: 'The directory server reports a failure without a code of its own; its text says more.',
    fix: ['Look at the log of the directory server, and try another domain controller.'],
    check: directoryApplied,
    basis: 'infer',
  },
  // Filters and negotiation
  {
    codes: [13858, 13861],
    cause:
      'A filter or policy was handed on that makes no sense: its two ends are of different families, or a value is out of range.',
    fix: ['`polagent check local` and `polagent rules local` show the filter; correct it in its editor and reload.'],
    check: ['`polagent reload` brings no new 5477 and no 5462.'],
    basis: 'infer',
  },
  {
    codes: [13801],
    cause:
      'The two sides did not accept each other’s authentication: different preshared keys, no common method, or an unacceptable certificate.',
    fix: [
      'Compare the authentication methods of the rule on both sides: `polagent show local`.',
      'Preshared key: enter it again on both sides. Certificates: both must chain to the root the rule names, and be valid now.',
    ],
    check: negotiated,
    basis: 'documented',
  },
  {
    codes: [13868, 13802, 13831, 13832, 13865],
    cause: 'The two sides have no security method in common: other algorithms, key lengths, groups or lifetimes.',
    fix: [
      'Compare the offers of the filter action and of main mode on both sides: `polagent show local`.',
      'Let both offer at least one that is the same, and the same for perfect forward secrecy.',
    ],
    check: negotiated,
    basis: 'infer',
  },
  {
    codes: [13805, 13813, 13814, 13815, 13809, 13810, 13811, 13812],
    cause:
      'The peer did not answer the negotiation, or not in time: it has no IPsec policy for this traffic, or UDP 500 and 4500 do not get through.',
    fix: [
      'See that the peer has a policy whose filters mirror these.',
      'Watch the packets on both sides: `tcpdump -ni any udp port 500 or udp port 4500`.',
    ],
    check: negotiated,
    basis: 'documented',
  },
  {
    codes: [13806, 13819, 13820, 13818, 13881, 13887],
    cause:
      'There is no machine certificate that fits: none at all, without its private key, for another use, too short a key, or from another root than the rule names.',
    fix: ['Install a machine certificate with its private key that chains to the root named in the rule.'],
    check: negotiated,
    basis: 'documented',
  },
  {
    codes: [13817, 13848],
    cause: 'It could not be verified that a certificate is not revoked, or it is revoked.',
    fix: [
      'See that the places the certificate names for revocation lists can be reached; replace a revoked certificate.',
    ],
    check: negotiated,
    basis: 'documented',
  },
  {
    codes: [13825, 13850],
    cause: 'A negotiation was asked for, but no policy covers this peer.',
    fix: [
      'See which rule should: `polagent explain local --from OWN --to PEER`. Correct its filters or assign the policy.',
    ],
    check: negotiated,
    basis: 'documented',
  },
  {
    codes: [13827, 13855, 13856],
    cause:
      'Kerberos did not authenticate the peers: not in one domain or trusting ones, no controller reachable, or clocks too far apart.',
    fix: ['See tickets with `klist`; see the clock as for code 1398; permit the traffic to the domain controllers.'],
    check: negotiated,
    basis: 'infer',
  },
]

/** What is known of a code from the family it belongs to; for codes without a row of their own. */
export const familyGuidance: Readonly<Record<string, ErrorGuidance>> = {
  'memory-and-quota': {
    cause: 'A resource of the system or of the service is used up.',
    fix: ['See `free -m`, the limits of the service, and what uses most; free some or raise the limit.'],
    check: applied,
    basis: 'infer',
  },
  registry: {
    cause: 'Working on the registry storage of the policy failed.',
    fix: restoreStore,
    check: applied,
    basis: 'infer',
  },
  'file-and-path': {
    cause: 'A file or directory of the agent could not be used.',
    fix: ['See that the state directory exists, is writable for the agent and has space: `ls -ln`, `df -h`.'],
    check: applied,
    basis: 'infer',
  },
  'data-format': {
    cause: 'Data have a form that is not understood.',
    fix: restoreStore,
    check: applied,
    basis: 'infer',
  },
  'service-control': {
    cause: 'Starting, stopping or controlling a service failed.',
    fix: ['See `polagent status` and the output of the agent (`journalctl -u polagent`), and start it again.'],
    check: ['`polagent status`', '`polagent events --id 5478,5479 --last 2`'],
    basis: 'infer',
  },
  network: {
    cause: 'The network or the server at the other end failed.',
    fix: ['See the way to the server: `getent hosts NAME`, `ip route get ADDRESS`, `nc -vz HOST PORT`.'],
    check: directoryApplied,
    basis: 'infer',
  },
  'logon-and-security': {
    cause: 'Signing on to the domain, or a right on an object, failed.',
    fix: ['Check the account of this computer or service in the domain, its rights, and the clock.'],
    check: directoryApplied,
    basis: 'infer',
  },
  rpc: {
    cause: 'A remote procedure call failed.',
    fix: ['See that the service at the other end runs and can be reached.'],
    check: directoryApplied,
    basis: 'infer',
  },
  'directory-service': {
    cause: 'The directory refused or could not do what was asked.',
    fix: [
      'Look at the log of the directory server; see that the policy objects below CN=IP Security,CN=System are there and readable.',
    ],
    check: directoryApplied,
    basis: 'infer',
  },
  dns: {
    cause: 'A name could not be resolved, or a DNS server could not do what was asked.',
    fix: ['`dig NAME`, `dig @SERVER NAME`; use another DNS server or mend this one.'],
    check: directoryApplied,
    basis: 'infer',
  },
  'ipsec-policy-objects': {
    cause:
      'The filtering engine holds, or lacks, an object of this kind already: two policies or rules got in each other’s way, or a part was taken out meanwhile.',
    fix: [
      '`polagent reload` puts the policy in anew. When it stays: `polagent check local` for doubled or missing objects.',
    ],
    check: ['`polagent reload` brings no new 5477 and no 5462.'],
    basis: 'infer',
  },
  'ipsec-ike-negotiation': {
    cause: 'The negotiation with a peer failed, or a protected packet was not accepted.',
    fix: [
      'Compare rule, authentication and offers on both sides (`polagent show local`), and the clocks.',
      'Look at the negotiation events next to it: 4652, 4653, 4654, 4984.',
    ],
    check: negotiated,
    basis: 'infer',
  },
}

let byCode: ReadonlyMap<number, ErrorGuidance> | undefined

/** Guidance written for exactly this code. */
export function guidanceOfCode(code: number): ErrorGuidance | undefined {
  byCode ??= new Map(
    errorGuidance.toReversed().flatMap((row) => row.codes.map((rowCode): [number, ErrorGuidance] => [rowCode, row])),
  )
  return byCode.get(code)
}
