import { describe, expect, it } from 'vitest'
import { toBase64 } from '../../../src/base/base64.ts'
import { isLdif, type LdifReading, readLdif } from '../../../src/formats/ldif/index.ts'
import { encodeTextFile } from '../../../src/formats/text/index.ts'

const utf8 = new TextEncoder()
const text = new TextDecoder()

function read(ldif: string): LdifReading {
  return readLdif(utf8.encode(ldif))
}

/** Entries as `dn` and lists of `name=value`. */
function shown(reading: LdifReading): [string, string[]][] {
  return reading.entries.map(({ dn, attributes }) => [
    dn,
    attributes.flatMap(({ name, values }) => values.map((value) => `${name}=${text.decode(value)}`)),
  ])
}

function told(reading: LdifReading): string[] {
  return reading.findings.map(({ severity, code, line }) => `${severity} ${code} ${line}`)
}

describe('content', () => {
  it('has a version, comments, folded lines, base64, and values of one name together', () => {
    const reading = read(
      'version: 1\n# a comment\n  that goes on\ndn: CN=a,\n DC=b\nobjectClass: top\nipsecName:: w6Q\n =\ncn:  two blanks\nOBJECTCLASS: x\nempty:\n\n\ndn:: Q049w6Q=\r\na: b\r\n',
    )
    expect(shown(reading)).toEqual([
      ['CN=a,DC=b', ['objectClass=top', 'objectClass=x', 'ipsecName=ä', 'cn=two blanks', 'empty=']],
      ['CN=ä', ['a=b']],
    ])
    expect(reading.entries.map((entry) => entry.line)).toEqual([4, 14])
    expect(reading.findings).toEqual([])
  })

  it('may be UTF-16, as ldifde writes it, or have a mark', () => {
    const ldif = 'dn: CN=ä\r\na: ö\r\n'
    for (const encoding of ['utf-16le', 'utf-16be'] as const) {
      const bytes = encodeTextFile(ldif, encoding) ?? new Uint8Array()
      expect(isLdif(bytes)).toBe(true)
      expect(shown(readLdif(bytes))).toEqual([['CN=ä', ['a=ö']]])
    }
    expect(shown(read(`\ufeff${ldif}`))).toEqual([['CN=ä', ['a=ö']]])
  })

  it('ends as ldapsearch ends it', () => {
    const reading = read(
      'dn: CN=a\na: b\n\n# search reference\nref: ldap://x/y\n\n# search result\nsearch: 2\nresult: 0 Success\n',
    )
    expect(shown(reading)).toEqual([['CN=a', ['a=b']]])
    expect(reading.findings).toEqual([])
  })

  it('never opens URLs, and leaves out what cannot be read', () => {
    const reading = read(
      'dn: CN=a\nipsecData:< file:///etc/passwd\nipsecName:: not base64\nno colon\n: no name\nb: c\n\nx: no dn\n\ndn:: /w==\na: b\n\ndn: cn = A\na: again\n',
    )
    expect(shown(reading)).toEqual([['CN=a', ['b=c']]])
    expect(told(reading)).toEqual([
      'error LDIF_URL 2',
      'error LDIF_LINE_MALFORMED 3',
      'error LDIF_LINE_MALFORMED 4',
      'error LDIF_LINE_MALFORMED 5',
      'error LDIF_RECORD_MALFORMED 8',
      'error LDIF_RECORD_MALFORMED 10',
      'error LDIF_ENTRY_REPEATED 13',
    ])
  })

  it('with one bad value of several has none of them', () => {
    const reading = read('dn: CN=a\nipsecNFAReference: CN=x\nipsecNFAReference:: ?\nb: c\n')
    expect(shown(reading)).toEqual([['CN=a', ['b=c']]])
  })

  it('does not quote values in what it tells', () => {
    const reading = read(`dn: CN=a\nipsecData:: ${toBase64(utf8.encode('secret'))}!\nsecret\n`)
    expect(JSON.stringify(reading.findings)).not.toMatch(/secret|c2Vj/)
  })
})

describe('changes', () => {
  it('add, change and delete what was read before', () => {
    const reading = read(
      'dn: CN=a\nchangetype: add\na: 1\na: 2\na: 3\nb: 1\nc: 1\nd: 1\n\n' +
        'dn: cn=A\nchangetype: modify\ndelete: a\na: 2\n-\nreplace: b\nb: 2\nb: 3\n-\nadd: e\ne: 1\n-\ndelete: c\n-\nreplace: d\n-\nadd: a\na: 4\n-\n\n' +
        'dn: CN=b\nchangetype: add\na: 1\n\ndn: CN=b\nchangetype: delete\n',
    )
    expect(shown(reading)).toEqual([['CN=a', ['a=1', 'a=3', 'a=4', 'b=2', 'b=3', 'e=1']]])
    expect(reading.findings).toEqual([])
  })

  it('that cannot be followed are told, and the attribute is then missing', () => {
    const reading = read(
      'dn: CN=a\nchangetype: modrdn\nnewrdn: CN=b\n\ndn: CN=a\nchangetype: modify\nadd: x\nx: 1\n-\n\ndn: CN=a\nchangetype: delete\n\n' +
        'dn: CN=a\nchangetype: add\na: 1\nb: 1\nc: 1\n\ndn: CN=a\nchangetype: modify\nincrement: a\na: 5\n-\nreplace: b\nc: 5\n-\ndelete: c\nc: 7\n-\ndelete: z\n-\n',
    )
    expect(shown(reading)).toEqual([['CN=a', ['c=1']]])
    expect(told(reading)).toEqual([
      'error LDIF_CHANGE_NOT_FOLLOWED 1',
      'error LDIF_CHANGE_NOT_FOLLOWED 5',
      'error LDIF_CHANGE_NOT_FOLLOWED 11',
      'error LDIF_CHANGE_NOT_FOLLOWED 22',
      'error LDIF_CHANGE_NOT_FOLLOWED 25',
      'error LDIF_CHANGE_NOT_FOLLOWED 28',
      'error LDIF_CHANGE_NOT_FOLLOWED 31',
    ])
  })
})

it.each([
  ['dn: CN=a\n', true],
  ['# c\n folded\n\nversion: 1\n\nDN: cn=a', true],
  ['dn:: Q04=\n', true],
  ['dn:\n CN=a\n', true],
  ['dn: none', false],
  ['dn - CN=a', false],
  ['name: x\ndn: CN=a', false],
  ['', false],
  ['# only a comment', false],
])('%j is recognised: %s', (ldif, expected) => {
  expect(isLdif(utf8.encode(ldif))).toBe(expected)
})
