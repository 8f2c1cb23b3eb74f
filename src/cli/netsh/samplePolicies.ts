/**
 * Policies in the spirit of the three that Windows 2000, XP and Server 2003 came with (netsh-ipsec.md 4.8), written for
 * this project: ask when asked, ask everybody, insist. Lines of the `ipsec static` context.
 */
export const samplePolicies: readonly string[] = [
  'add filteraction name="Sample: Pass" description="Lets traffic pass in clear." action=permit',
  'add filteraction name="Sample: Ask" description="Asks for protection, and goes on in clear with those that have none." qmpfs=no inpass=yes soft=yes action=negotiate qmsecmethods="ESP[3DES,SHA1]:100000k/3600s ESP[3DES,MD5]:100000k/3600s"',
  'add filteraction name="Sample: Insist" description="Answers requests in clear with protection only." qmpfs=no inpass=yes soft=no action=negotiate qmsecmethods="ESP[3DES,SHA1]:100000k/3600s ESP[3DES,MD5]:100000k/3600s"',
  'add filter filterlist="Sample: All IP" srcaddr=me dstaddr=any description="Everything of this computer"',
  'add filter filterlist="Sample: All ICMP" srcaddr=me dstaddr=any protocol=ICMP description="ICMP of this computer"',
  'add policy name="Sample: Client (Respond Only)" description="Speaks in clear, and protects when the other side asks for it." activatedefaultrule=yes assign=no',
  'add policy name="Sample: Server (Request Security)" description="Asks everybody for protection, and goes on in clear with those that have none." activatedefaultrule=yes assign=no',
  'add rule name="Sample: ICMP passes" policy="Sample: Server (Request Security)" filterlist="Sample: All ICMP" filteraction="Sample: Pass"',
  'add rule name="Sample: Ask everybody" policy="Sample: Server (Request Security)" filterlist="Sample: All IP" filteraction="Sample: Ask"',
  'add policy name="Sample: Secure Server (Require Security)" description="Speaks with nobody who does not protect the traffic." activatedefaultrule=yes assign=no',
  'add rule name="Sample: ICMP passes" policy="Sample: Secure Server (Require Security)" filterlist="Sample: All ICMP" filteraction="Sample: Pass"',
  'add rule name="Sample: Insist on everybody" policy="Sample: Secure Server (Require Security)" filterlist="Sample: All IP" filteraction="Sample: Insist"',
]
