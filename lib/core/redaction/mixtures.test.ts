import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createStreamRedactor, redactText } from '../redact'

const PARTS = [
  ...[
    'AKIAIOSFODNN7EXAMPLE',
    'eyAiYWxnIjogIkhT.abcdefghijklmnop.',
    'X-Agent-Daemon-Key: hunter2-d',
    'Cookie: a=b; c=d',
  ],
  ...[
    'Authorization: Token hunter2',
    'AccountKey=hunter2a',
    '4111.1111.1111.1111',
    '4111  1111\n1111 1111',
    '0049 170 1234567',
  ],
  ...[
    'DE 89 3704.0044  0532 0130 00',
    'mysql://u:p/w@host',
    'ya29.0123456789abcdefghij',
    'sk-a-b-c-d-e-f-g-h-i-j-k',
    'x@3x.png',
  ],
  ...[
    'git@github.com:org',
    '12:30::45',
    '1.2.3.4',
    '+20240115',
    '+12.345.678 EUR',
    '-----BEGIN PRIVATE KEY-----\n  abcdefghijklmnopqrstuv',
  ],
  ...['2001:db8::1', 'jo@example.com', '192 168 1001', '4111111111111111'],
  ...[
    'oid ',
    'v ',
    '§',
    'version: ',
    'section',
    'cookie:',
    '=',
    '00',
    '+',
    '::',
    ' EUR',
    '/',
    '@',
    '\n',
    ' ',
    '-',
    '.',
    ':',
    '1',
    '"',
    'git',
    '//a:',
  ],
]
const mixture = fc
  .array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...PARTS) }, fc.string({ maxLength: 4 })), { maxLength: 10 })
  .map((parts) => parts.join(''))

it('what is redacted has nothing left to redact', () => {
  fc.assert(
    fc.property(mixture, (text) => {
      const once = redactText(text)
      expect(redactText(once)).toBe(once)
    }),
    { numRuns: 15_000 },
  )
})

it('a word that a match has swallowed says nothing of what follows', () => {
  const once = redactText('X-Agent-Daemon-Key: hunter2-d=version: 1.2.3.4')
  expect(once).toBe('X-Agent-Daemon-Key: [API_KEY]: [IP]')
})

it('a stream gives the result of the whole', () => {
  fc.assert(
    fc.property(mixture, fc.boolean(), (text, isLong) => {
      const whole = isLong ? `${'word '.repeat(1_000)}${text}` : text
      const redactor = createStreamRedactor()
      const size = isLong ? 7 : 1
      let out = ''
      for (let at = 0; at < whole.length; at += size) out += redactor.push(whole.slice(at, at + size))
      expect(out + redactor.end()).toBe(redactText(whole))
    }),
    { numRuns: 2_000 },
  )
})

describe('streams', () => {
  it('hand on what is decided and hold no more back than one match can be long', () => {
    const redactor = createStreamRedactor()
    expect(redactor.push('Hello world, my mail is jo')).toBe('Hello world, my mail is ')
    expect(redactor.push('.doe@exam')).toBe('')
    expect(redactor.push('ple.com, and')).toBe('[EMAIL], ')
    const held = createStreamRedactor()
    const out = held.push(`sk-${'a'.repeat(100_000)}`)
    expect(out.startsWith('[API_KEY]')).toBe(true)
    expect(out.length).toBeGreaterThan(80_000)
    expect(held.push(` ${'b'.repeat(50_000)}`).length).toBeGreaterThan(20_000)
  })
})
