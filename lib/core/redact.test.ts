import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { createStreamRedactor, findings, redactText, redactValue } from './redact'

const KEY = 'clk_Ac9mVoC7_daEE7QfABa5AGUA4WsEfYuKuGayorEjaMGXEAVwJ8UN'
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0abcdef.c2lnbmF0dXJlLXNpZ25hdHVyZQ'

describe('what is masked', () => {
  test.each([
    ['jo.doe+x@mail.example.com', '[EMAIL]'],
    ['müller@köln.example', '[EMAIL]'],
    ['x@y@z.com', 'x@[EMAIL]'],
    ['123-45-6789', '[SSN]'],
    ['123 45 6789', '[SSN]'],
    ['123‑45‑6789', '[SSN]'],
    ['555-123-4567', '[PHONE]'],
    ['(555) 123-4567', '[PHONE]'],
    ['(555)123-4567', '[PHONE]'],
    ['555.123.4567', '[PHONE]'],
    ['1-555-123-4567', '[PHONE]'],
    ['+1 (555) 123-4567', '[PHONE]'],
    ['+1.555.123.4567', '[PHONE]'],
    ['+49 30 1234567', '[PHONE]'],
    ['+44 (0)20 7946 0958', '[PHONE]'],
    ['+4915112345678', '[PHONE]'],
    ['4111111111111111', '[CREDIT_CARD]'],
    ['4111 1111 1111 1111', '[CREDIT_CARD]'],
    ['5500-0000-0000-0004', '[CREDIT_CARD]'],
    ['3782 822463 10005', '[CREDIT_CARD]'],
    ['DE89370400440532013000', '[IBAN]'],
    ['DE89 3704 0044 0532 0130 00', '[IBAN]'],
    ['gb29 nwbk 6016 1331 9268 19', '[IBAN]'],
    ['192.168.0.1', '[IP]'],
    ['2001:db8::8a2e:370:7334', '[IP]'],
    ['fe80::1', '[IP]'],
    ['2001:0db8:85a3:0000:0000:8a2e:0370:7334', '[IP]'],
    ['sk-abcdefghijklmnopqrstuvwxyz', '[API_KEY]'],
    ['pk-abcdefghij0123456789', '[API_KEY]'],
    [KEY, '[API_KEY]'],
    ['ghp_0123456789abcdefghijABCDEFGHIJ012345', '[API_KEY]'],
    ['AKIAIOSFODNN7EXAMPLE', '[AWS_KEY]'],
    [JWT, '[JWT]'],
    ['api_key=abcdefghij0123456789', 'api_key=[API_KEY]'],
    ['x-api-key: abcdefghij0123456789', 'x-api-key: [API_KEY]'],
    ['client_secret: "abcdefghij0123456789"', 'client_secret: "[API_KEY]"'],
    ['password=hunter2', 'password=[PASSWORD_FIELD]'],
    ['Password: hunter2, next', 'Password: [PASSWORD_FIELD], next'],
    ['{"db_password":"hun\\"ter 2","x":1}', '{"db_password":"[PASSWORD_FIELD]","x":1}'],
    ['{\\"password\\":\\"hunter 2\\"}', '{\\"password\\":\\"[PASSWORD_FIELD]\\"}'],
    ["userPassword => 'a b c'", "userPassword => '[PASSWORD_FIELD]'"],
    ['Bearer abcdefghijklmnop', 'Bearer [REDACTED]'],
    ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic [REDACTED]'],
    [`Authorization: Bearer ${JWT}`, 'Authorization: Bearer [JWT]'],
    ['postgresql://me:secret@db/x', 'postgresql://me:[REDACTED]@db/x'],
    ['redis://:p@ss@cache.example.com:6379', 'redis://:[REDACTED]@cache.example.com:6379'],
    [
      '-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA0123456789\n-----END',
      '-----BEGIN RSA PRIVATE KEY-----[PRIVATE_KEY]-----END',
    ],
  ])('%s', (text, expected) => {
    for (const [before, after] of [
      ['', ''],
      ['see ', ' now'],
      ['(', ')'],
      ['"', '"'],
      ['é ', ', ok'],
    ] as const)
      if (!text.includes('"') || before !== '"')
        expect(redactText(before + text + after)).toBe(before + expected + after)
  })

  test('texts that only look like it stay as they are', () => {
    const harmless = [
      '0193f0a0-0000-7000-8000-000000000000 01930000-1234-7234-8234-123456789012',
      '2026-03-01T12:00:00.000Z 2026-03-01T12:00:00.000+00:00 12:30:59 +00:00 GMT+1 2026-03-01 12:00',
      '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 sha256:9f86d081884c7d65',
      '1767225600 1767225600000 2345678901 4111111111111112 0.5500000000000001 $1,234,567.89 cost_micro_usd: 2500000000',
      'v1.2.3.4 1.2.3 300.1.1.1 1.2.3.4.5 Chrome/120.0.6099.109',
      'task-abcdefghijklmnopqrstuvwxyz std::vector a::b [::2] 00:1a:2b:3c:4d:5e clk_Ac9mVoC7',
      'max_tokens: 4096 tokens=12 token: yes "password": null "password": {"type":"string"} passwords are hard',
      'git@host user@localhost @handle https://host:8080/a@b DE89370400440532013001 Bearer token basic authentication',
      'the secret: internationalisation 2024 2025 2026 2027 12 45 62 88 21 90 33 in 3 of 4 cases',
      'traceparent 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    ]
    for (const text of harmless) expect(redactText(text)).toBe(text)
  })

  test('spans of all kinds are taken from the original text, in either order', () => {
    expect(redactText('jo@example.com 123-45-6789')).toBe('[EMAIL] [SSN]')
    expect(redactText('123-45-6789 jo@example.com')).toBe('[SSN] [EMAIL]')
    expect(redactText('123-45-6789.jo@example.com')).toBe('[EMAIL]')
    expect(findings('a@b.co 123-45-6789, c@d.co; 4111111111111111')).toEqual({ email: 2, ssn: 1, credit_card: 1 })
    expect(findings('nothing at all')).toEqual({})
  })
})

const SECRETS = [
  ...['jo.doe@example.com', '123-45-6789', '555-123-4567', '+49 30 1234567', '4111 1111 1111 1111', '4111111111111111'],
  ...['DE89370400440532013000', 'DE89 3704 0044 0532 0130 00', '192.168.17.4', '2001:db8::8a2e:370:7334'],
  ...['sk-abcdefghijklmnopqrstuvwxyz', KEY, 'AKIAIOSFODNN7EXAMPLE', JWT, 'postgresql://me:hunter2hunter2@db/x'],
]
const FILLERS = [
  ' ',
  ', ',
  '\n',
  '. ',
  ' text ',
  '"',
  ': ',
  '(',
  ') ',
  '; é ',
  ' – ',
  'password=',
  'api_key=',
  '//',
  '@',
  '-',
  '.',
  '1',
]

const messy = fc
  .array(fc.oneof(fc.constantFrom(...SECRETS), fc.constantFrom(...FILLERS), fc.string({ maxLength: 6 })), {
    maxLength: 14,
  })
  .map((parts) => parts.join(''))

const separated = fc.array(
  fc.tuple(fc.constantFrom(...SECRETS), fc.constantFrom(' ', ', ', '\n', ' – ', '; ', ' text ')),
  {
    maxLength: 8,
  },
)

const streamed = (text: string, cuts: readonly number[]): string => {
  const redactor = createStreamRedactor()
  let out = ''
  let at = 0
  for (const cut of [...cuts].map((n) => n % (text.length + 1)).sort((a, b) => a - b)) {
    out += redactor.push(text.slice(at, cut))
    at = cut
  }
  return out + redactor.push(text.slice(at)) + redactor.end()
}

describe('properties', () => {
  it('no match survives in any order', () => {
    fc.assert(
      fc.property(separated, (parts) => {
        const clean = redactText(parts.flat().join(''))
        for (const [secret] of parts) expect(clean).not.toContain(secret.startsWith('postgres') ? 'hunter2' : secret)
      }),
      { numRuns: 500 },
    )
  })

  it('what is redacted has nothing left to redact', () => {
    fc.assert(
      fc.property(messy, (text) => {
        const once = redactText(text)
        expect(redactText(once)).toBe(once)
      }),
      { numRuns: 40000 },
    )
  })

  it('a stream gives the result of the whole, however it is cut', () => {
    fc.assert(
      fc.property(messy, fc.array(fc.nat(200), { maxLength: 30 }), (text, cuts) => {
        expect(streamed(text, cuts)).toBe(redactText(text))
      }),
      { numRuns: 4000 },
    )
  })

  it('character by character, too', () => {
    fc.assert(
      fc.property(messy, (text) => {
        expect(
          streamed(
            text,
            Array.from(text, (_, n) => n),
          ),
        ).toBe(redactText(text))
      }),
      { numRuns: 500 },
    )
  })
})

describe('hostile texts of 1 MiB', () => {
  const size = 1 << 20
  const units = [
    'a',
    '@',
    'a@',
    'a@a.',
    '1',
    '1-',
    '4111 ',
    'eyJ-',
    'eyJaaaaaaaa.',
    'password=',
    'password="',
    ':',
    'a:',
    '/',
    '//a:',
  ]
  const more = [
    'sk-',
    '+1',
    '(',
    'DE89',
    ' ',
    '-----BEGIN ',
    '1.',
    'bearer ',
    'authorization:',
    'password=[',
    '\\',
    'token=',
  ]
  const single = ['eyJ', 'sk-', 'password=', 'password="', 'a@', '//'].map(
    (start) => [start + 'a'.repeat(size)] as const,
  )
  test.each([...[...units, ...more].map((unit) => [unit.repeat(Math.ceil(size / unit.length))] as const), ...single])(
    'take time in proportion (%#)',
    (text) => {
      // Time of this process alone: the machine may be busy with others.
      const started = process.cpuUsage()
      redactText(text)
      const { user, system } = process.cpuUsage(started)
      expect((user + system) / 1_000).toBeLessThan(4_000)
    },
  )
})

describe('values', () => {
  it('are redacted at any depth, keys too', () => {
    expect(redactValue({ a: [`key ${KEY}`], b: 1 })).toEqual({ a: ['key [API_KEY]'], b: 1 })
    expect(redactValue({ 'jo@example.com': 1, 'al@example.com': 2 })).toEqual({ '[EMAIL]': 1, '[EMAIL]#2': 2 })
  })

  it('stay apart, and cheap, where thousands of keys mask alike', () => {
    const many = (n: number) =>
      Object.fromEntries(Array.from({ length: n }, (_, i) => [`user${i}@example.com`, i] as const))
    const timed = (value: object): number => {
      const started = performance.now()
      expect(Object.keys(redactValue(value) as object)).toHaveLength(Object.keys(value).length)
      return performance.now() - started
    }
    timed(many(500))
    const one = timed(many(2_000))
    expect(timed(many(16_000))).toBeLessThan(Math.max(40, one) * 8 * 2)
    const own = { '[EMAIL]#2': 1, 'a@example.com': 2, 'b@example.com': 3, 'c@example.com': 4 }
    expect(Object.keys(redactValue(own) as object)).toEqual(['[EMAIL]#2', '[EMAIL]', '[EMAIL]#3', '[EMAIL]#4'])
  })

  it('lose what stands under the name of a secret', () => {
    const value = { password: 'x', apiKey: 'y', Authorization: { a: ['z'] }, access_token: 'w', 'set-cookie': ['c'] }
    expect(JSON.stringify(redactValue(value))).not.toMatch(/"[xyzwc]"/)
    const kept = { password: null, token: true, total_tokens: 'x', max_token: 5, secret_id: 'y', authorization_id: 'z' }
    expect(redactValue(kept)).toEqual(kept)
    const schema = { properties: { password: { type: 'string', description: 'the word' } } }
    expect(redactValue(schema)).toEqual(schema)
  })

  it('are never let through because they lie deep', () => {
    let deep: unknown = 'jo@example.com'
    for (let n = 0; n < 10_000; n++) deep = n % 2 ? [deep] : { deep }
    expect(JSON.stringify(redactValue(deep))).not.toContain('jo@')
    const circle: Record<string, unknown> = { mail: 'jo@example.com' }
    circle['self'] = circle
    expect(JSON.stringify(redactValue(circle))).not.toContain('jo@')
  })

  it('keep dates and plain things', () => {
    const at = new Date('2026-01-01')
    expect(redactValue({ at, n: 1.5, b: false, z: null, u: undefined })).toEqual({
      at,
      n: 1.5,
      b: false,
      z: null,
      u: undefined,
    })
    expect(redactValue({ card: 4111111111111111, micro: 1767225600000000 })).toEqual({
      card: '[CREDIT_CARD]',
      micro: 1767225600000000,
    })
    expect(JSON.stringify(redactValue({ toJSON: () => ({ mail: 'jo@example.com' }) }))).toBe('{"mail":"[EMAIL]"}')
    expect(redactValue(JSON.parse('{"__proto__":"jo@example.com"}'))).toEqual(JSON.parse('{"__proto__":"[EMAIL]"}'))
  })
})
