import { describe, expect, it, test } from 'vitest'
import { createStreamRedactor, redactText, redactValue } from '../redact'

const PEM = 'MIIEowIBAAKCAQEA0123456789abcdef'
const PART = 'abcdefghijklmnop'
const NUMBER = '0123456789abcdefghijABCD'

const inPieces = (text: string): string => {
  const redactor = createStreamRedactor()
  return [...text].map((char) => redactor.push(char)).join('') + redactor.end()
}

const RECALL: readonly (readonly [text: string, secret: string])[] = [
  ...[`  ${PEM}\n  ${PEM}\n  `, `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A1B\n\n${PEM}\n`].map(
    (body) => [`-----BEGIN RSA PRIVATE KEY-----\n${body}-----END`, PEM] as const,
  ),
  ...['-', '_', '-x', '_x'].map((end) => [`AKIAIOSFODNN7EXAMPLE${end}`, 'AKIA'] as const),
  ...['eyJhbGciOiJub25l', 'eyAiYWxnIjogIkhT', 'ewogICJhbGciOiAi', 'ewoJImFsZyI6ICJI', 'ew0KICAiYWxnIjog'].flatMap(
    (header) => [`${header}.${PART}.`, `${header}.${PART}.c2lnbmF0dXJl`].map((text) => [text, PART] as const),
  ),
  ['X-Agent-Daemon-Key: hunter2-daemon', 'hunter2'],
  ['Authorization: Token hunter2abc', 'hunter2'],
  ['Cookie: session=hunter2; theme=dark', 'hunter2'],
  ['Set-Cookie: session=hunter2; Path=/', 'hunter2'],
  ['DefaultEndpointsProtocol=https;AccountKey=hunter2abc==', 'hunter2'],
  ...['4111.1111.1111.1111', '4111  1111  1111  1111', '4111\n1111\n1111\n1111'].map((text) => [text, '1111'] as const),
  ...['DE89.3704.0044.0532.0130.00', 'DE89  3704  0044  0532  0130  00', 'DE 89 3704 0044 0532 0130 00'].map(
    (text) => [text, '0044'] as const,
  ),
  ['0049 170 1234567', '1234567'],
  ['mysql://u:p/w@host/db', 'p/w'],
  ...['ya29.', 'pplx-', 'nvapi-', 'r8_', 'sbp_', 'lin_api_', 'xoxe-'].map((start) => [start + NUMBER, NUMBER] as const),
]

describe('recall', () => {
  test.each(RECALL)('%j', (text, secret) => {
    for (const whole of [text, `see ${text} now`, `(${text})`]) {
      const clean = redactText(whole)
      expect(clean).not.toContain(secret)
      expect(redactText(clean)).toBe(clean)
      expect(inPieces(whole)).toBe(clean)
    }
  })
})

describe('precision', () => {
  test.each([
    ...['pk-column-name-of-the-table-users', 'sk-learn-pipeline-transformers', '/sk-navigation-and-orientation/'],
    ...['icon@3x.png', 'git@github.com:org/name.git', 'Matthew 5::7', '12:30::45'],
    ...['oid 1.3.6.1', 'OID: 1.3.6.1', '§ 1.2.3.4', '§1.2.3.4', 'version 1.2.3.4', 'section 1.2.3.4', 'v 1.2.3.4'],
    ...['+20240115', '+12.345.678 EUR', '192 168 1001', 'Password: required', 'https://host:8080/a@b', '0012345678'],
  ])('%j', (text) => {
    for (const whole of [text, `see ${text} now`, `${'word '.repeat(2_000)}${text}`]) {
      expect(redactText(whole)).toBe(whole)
      expect(inPieces(whole)).toBe(whole)
    }
  })
})

it('a key and its value are no schema because a type stands beside them', () => {
  expect(JSON.stringify(redactValue({ token: { type: 'string', value: 'hunter2-real' } }))).not.toContain('hunter2')
  for (const key of ['pwd', 'pass', 'dbPass', 'jwt', 'session', 'passwordHash', 'password_hash', 'secrets', 'user_pwd'])
    expect(redactValue({ [key]: 'hunter2' })).toEqual({ [key]: '[REDACTED]' })
  const kept = { bypass: 'x', session_id: 'y', compass: 'z', pass: true }
  expect(redactValue(kept)).toEqual(kept)
})

it('a stream of thousands of matches within one another takes time in proportion', () => {
  const redactor = createStreamRedactor()
  // Time of this process alone: the machine may be busy with others.
  const started = process.cpuUsage()
  const text = 'sk-1-'.repeat(12_000)
  for (let at = 0; at < text.length; at += 4) redactor.push(text.slice(at, at + 4))
  redactor.end()
  const { user, system } = process.cpuUsage(started)
  expect((user + system) / 1_000).toBeLessThan(2_000)
})

it('leaves what stands in the place of a value as it is, also in pieces', () => {
  const text = 'order [TOKEN:93149002ee78db4199bf1f08c1f71bcf], key=[HASH:12ab34cd], [HASH:12ab34cd] [x] ['
  expect(redactText(text)).toBe(text)
  expect(inPieces(text)).toBe(text)
  // What only looks like one is looked at like any text.
  expect(redactText('[TOKEN:93149002ee78db4199bf1f08c1f71b]')).toBe('[TOKEN:[API_KEY]]')
})
