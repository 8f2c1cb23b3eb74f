import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eventHeader } from '../../../src/events/eventHeaders.ts'
import { type LoggedEvent, loggedEvent } from '../../../src/events/loggedEvent.ts'
import { writeEventXml } from '../../../src/formats/event-xml/index.ts'

function eventWith(id: number, fields: readonly string[]): LoggedEvent {
  return loggedEvent({
    recordNumber: 1,
    id,
    time: '2024-05-06T07:08:09.1234567Z',
    fields,
    ...eventHeader(id),
    computer: 'host.example.com',
    processId: 620,
    threadId: 1348,
  })
}

/** The example of the specification (evtx-and-xml.md 1.3). */
const example5461 = `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">
  <System>
    <Provider Name="Microsoft-Windows-Security-Auditing" Guid="{54849625-5478-4994-a5ba-3e3b0328c30d}" />
    <EventID>5461</EventID>
    <Version>0</Version>
    <Level>0</Level>
    <Task>13572</Task>
    <Opcode>0</Opcode>
    <Keywords>0x8010000000000000</Keywords>
    <TimeCreated SystemTime="2024-05-06T07:08:09.1234567Z" />
    <EventRecordID>1</EventRecordID>
    <Correlation />
    <Execution ProcessID="620" ThreadID="1348" />
    <Channel>Security</Channel>
    <Computer>host.example.com</Computer>
    <Security />
  </System>
  <EventData>
    <Data Name="Policy">Client (Respond Only)</Data>
    <Data Name="Error">2</Data>
  </EventData>
  <RenderingInfo Culture="en-US">
    <Message>IPsec Policy Agent failed to apply local registry storage IPsec policy on the computer.

Policy:\t\tClient (Respond Only)
Error Code:\t\t2</Message>
    <Level>Information</Level>
    <Task>Filtering Platform Policy Change</Task>
    <Opcode>Info</Opcode>
    <Channel>Security</Channel>
    <Provider>Microsoft Windows security auditing.</Provider>
    <Keywords>
      <Keyword>Audit Failure</Keyword>
    </Keywords>
  </RenderingInfo>
</Event>
`

describe('event XML', () => {
  test('is what Windows shows', () => {
    expect(writeEventXml(eventWith(5461, ['Client (Respond Only)', '2']))).toBe(example5461)
  })

  test('in one line is what wevtutil writes', () => {
    expect(writeEventXml(eventWith(5463, []), { layout: 'line', hasRendering: false })).toBe(
      "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>" +
        "<Provider Name='Microsoft-Windows-Security-Auditing' Guid='{54849625-5478-4994-a5ba-3e3b0328c30d}'/>" +
        '<EventID>5463</EventID><Version>0</Version><Level>0</Level><Task>13572</Task><Opcode>0</Opcode>' +
        "<Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime='2024-05-06T07:08:09.1234567Z'/>" +
        "<EventRecordID>1</EventRecordID><Correlation/><Execution ProcessID='620' ThreadID='1348'/>" +
        '<Channel>Security</Channel><Computer>host.example.com</Computer><Security/></System><EventData/></Event>',
    )
  })

  test('names who caused an event, and what it belongs to, where that is known', () => {
    const event: LoggedEvent = {
      ...eventWith(5463, []),
      user: 'S-1-5-18',
      activityId: '{0-1}',
      relatedActivityId: '{0-2}',
    }
    const xml = writeEventXml(event)
    expect(xml).toContain('<Security UserID="S-1-5-18" />')
    expect(xml).toContain('<Correlation ActivityID="{0-1}" RelatedActivityID="{0-2}" />')
  })

  test('speaks in the older wording when the event does', () => {
    const event = loggedEvent(
      { ...eventWith(5463, []), fields: [], computer: '', processId: 1, threadId: 1, ...eventHeader(5463) },
      'pastore',
    )
    expect(writeEventXml(event)).toContain('<Message>PAStore Engine polled')
  })

  test.each(['indented', 'line'] as const)('keeps any text that XML can hold (%s)', (layout) => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(
          fc.constantFrom('<', '>', '&', '"', "'", ']]>', '&amp;', '\r', '\n', '\t', '\0', '\ud800', '\ufffe', 'é'),
        )
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(text, text, text, (first, second, computer) => {
        const xml = writeEventXml({ ...eventWith(5461, [first, second]), computer }, { layout })
        const shown = textsOf(xml, 'Data')
        expect(shown).toEqual([first, second].map(asXmlHolds))
        expect(textsOf(xml, 'Computer')).toEqual([asXmlHolds(computer)])
        expect(Array.from(xml).every(isXmlCharacter)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('keeps white space of attributes', () => {
    const event = eventWith(5461, [])
    const xml = writeEventXml({ ...event, provider: { name: 'a\tb\nc\r"<\'' } })
    expect(xml).toContain('Name="a&#9;b&#10;c&#13;&quot;&lt;&apos;"')
  })
})

/** XML 1.0 section 2.2. */
function isXmlCharacter(character: string): boolean {
  const code = character.codePointAt(0) as number
  return (
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    code >= 0x10000
  )
}

function asXmlHolds(text: string): string {
  return Array.from(text, (character) => (isXmlCharacter(character) ? character : '\ufffd')).join('')
}

/** Contents of the elements of a name, references resolved; markup in them would show as a failed comparison. */
function textsOf(xml: string, name: string): string[] {
  const found: string[] = []
  for (const [, content = ''] of xml.matchAll(new RegExp(`<${name}(?: [^>]*?)?(?: ?/>|>([^<]*)</${name}>)`, 'gu'))) {
    expect(content).not.toMatch(/&(?!amp;|lt;|gt;|#13;)/)
    found.push(
      content.replaceAll('&#13;', '\r').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
    )
  }
  return found
}
