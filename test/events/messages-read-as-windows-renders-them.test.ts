import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eventDefinitions } from '../../src/events/catalogue.ts'
import { eventText, formatMessage } from '../../src/events/eventText.ts'

describe('message of an event', () => {
  test('has its fields in the newer wording', () => {
    expect(eventText(5461, ['Client (Respond Only)', '2'])).toBe(
      'IPsec Policy Agent failed to apply local registry storage IPsec policy on the computer.\n\n' +
        'Policy:\t\tClient (Respond Only)\nError Code:\t\t2',
    )
  })

  test('has its fields in the older wording', () => {
    expect(eventText(5464, [], 'pastore')).toBe(
      'PAStore Engine polled for changes to the active IPsec policy, detected changes, and applied them to IPsec Services.',
    )
    expect(eventText(5464, [])).toBe(
      'IPsec Policy Agent polled for changes to the active IPsec policy, detected changes, and applied them.',
    )
  })

  test('labels the first field of 5457 as DN', () => {
    expect(eventText(5457, ['CN=x', '1355'])).toContain('\n\nDN:\t\tCN=x\nError code:\t\t1355')
  })

  test('falls back to the newer text where there is no older', () => {
    expect(eventText(4654, [], 'pastore', 1)).toBe(eventText(4654, [], 'policy-agent', 1))
  })

  test('of an unknown number names the number and the values', () => {
    expect(eventText(1, ['a', 'b'])).toBe('The text of event 1 is not known. Its fields are:\n\na\nb')
  })

  test('every text of the catalogue uses only fields the event has', () => {
    for (const event of eventDefinitions()) {
      for (const text of [event.text, event.pastoreText ?? '']) {
        for (const [, number] of text.matchAll(/%(\d+)/g)) {
          expect(Number(number), `${event.id}`).toBeLessThanOrEqual(event.fields.length)
        }
      }
    }
  })

  test('every event of the agent speaks in both wordings', () => {
    for (const event of eventDefinitions().filter(({ when }) => when !== undefined)) {
      if (event.id >= 5456 && event.id <= 5477) {
        expect(eventText(event.id, ['p', '1']), `${event.id}`).toMatch(/^IPsec Policy Agent /)
        expect(eventText(event.id, ['p', '1'], 'pastore'), `${event.id}`).toMatch(/^PAStore Engine /)
      }
    }
  })
})

describe('template', () => {
  test.each([
    ['%1 and %2', ['a', 'b'], 'a and b'],
    ['%2%1', ['a', 'b'], 'ba'],
    ['%1!s!|%2!5d!', ['a', '7'], 'a|7'],
    ['a%nb%tc', [], 'a\nb\tc'],
    ['100%%', [], '100%'],
    ['%%8192', [], 'Kerberos'],
    ['%1', ['x %%8193 y'], 'x Preshared key y'],
    ['%1', ['%%99999999'], '%%99999999'],
    ['%%99999999', [], '%99999999'],
    ['end%0 of text', ['a'], 'end'],
    ['%%0 stays', [], '%0 stays'],
    ['%.%!%b', [], '.!b'],
    ['%3 stays', ['a'], '%3 stays'],
    ['%10', Array.from({ length: 10 }, (_, i) => `v${i + 1}`), 'v10'],
    ['line%n%n', [], 'line'],
    ['%', [], '%'],
    ['%1', ['%2', 'not expanded'], '%2'],
    ['%1', ['$& $1'], '$& $1'],
  ])('%j with %j', (template, fields, text) => {
    expect(formatMessage(template, fields)).toBe(text)
  })

  test('any template and values give a text in time', () => {
    const piece = fc.constantFrom('%', '%%', '%1', '%2!s!', '%n', '%0', '8192', 'x', '!', '\n')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.string(), { maxLength: 3 }), (pieces, fields) => {
        expect(typeof formatMessage(pieces.join(''), fields)).toBe('string')
      }),
      { numRuns: 5000 },
    )
    const started = performance.now()
    formatMessage('%1!'.repeat(200_000) + '%%'.repeat(200_000), ['x'])
    formatMessage('%1', ['%%'.repeat(500_000)])
    formatMessage('%1', ['%%8192'.repeat(200_000)])
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
