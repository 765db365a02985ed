import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hideSecrets } from './secret-mask'

const SECRET = `pa"ss\\word/&<x> 'é+`

const base64 = (text: string) => Buffer.from(text).toString('base64')
const html = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const SPELLINGS: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => secret,
  'in JSON': (secret) => JSON.stringify({ echo: secret }),
  'in JSON in JSON': (secret) => JSON.stringify(JSON.stringify({ echo: secret })),
  'in JSON with escaped slashes': (secret) => JSON.stringify(secret).replaceAll('/', '\\/'),
  'in JSON with numbers for letters': (secret) =>
    [...secret].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  'in HTML': html,
  'in HTML with &#39;': (secret) => html(secret).replaceAll("'", '&#39;'),
  'in HTML with numbers': (secret) => [...secret].map((letter) => `&#${letter.codePointAt(0)};`).join(''),
  'in HTML with &#x': (secret) => [...secret].map((letter) => `&#x${letter.codePointAt(0)?.toString(16)};`).join(''),
  'in an address': (secret) => encodeURIComponent(secret),
  'in an address twice': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  'in lower case': (secret) => encodeURIComponent(secret).toLowerCase(),
  'in a form': (secret) => new URLSearchParams({ secret }).toString().slice('secret='.length),
  'all in percents': (secret) => [...Buffer.from(secret)].map((byte) => `%${byte.toString(16)}`).join(''),
  'in base64': base64,
  'in base64 for addresses': (secret) => Buffer.from(secret).toString('base64url'),
  'behind a name in base64': (secret) => base64(`user:${secret}`),
  'behind a longer name in base64': (secret) => base64(`user1:${secret}!`),
  'in the middle in base64': (secret) => base64(`users1:${secret} and more`),
  'base64 in an address': (secret) => encodeURIComponent(base64(secret)),
  'in hex': (secret) => Buffer.from(secret).toString('hex'),
}

describe('a secret that comes back', () => {
  test.each(Object.entries(SPELLINGS))('%s', (_, spell) => {
    for (const secret of [SECRET, 'plain-key-1', 'x9&<k', 'two words', 'abcd', '\\\\\\"""']) {
      const text = String(hideSecrets(`before ${spell(secret)} after`, [secret]))
      expect(text).toMatch(/^before .*\[secret\].* after$/)
      expect(text.length).toBeLessThan('before [secret] after'.length + 40)
      expect(text).not.toContain(spell(secret))
    }
  })

  test('in a value, at any depth, as a name or as a number', () => {
    const value = { a: [`x ${SECRET}`, { [SECRET]: 1 }], n: 12_345_678, t: true, z: null }
    expect(hideSecrets(value, [SECRET, '12345678'])).toEqual({
      a: ['x [secret]', { '[secret]': 1 }],
      n: '[secret]',
      t: true,
      z: null,
    })
  })

  test.each(Object.entries(SPELLINGS))('of several lines, %s', (_, spell) => {
    const secret = ['-----BEGIN KEY-----', 'MIIfirst+half/', 'MIIsecondhalf==', '-----END KEY-----'].join('\n')
    expect(hideSecrets(`<${spell(secret)}>`, [secret])).not.toMatch(/MII/)
    const onWindows = secret.replaceAll('\n', '\r\n')
    if (!/base64|hex/.test(_)) {
      expect(hideSecrets(`<${spell(onWindows)}>`, [secret])).not.toMatch(/MII/)
      expect(hideSecrets(`<${spell(secret)}>`, [onWindows])).not.toMatch(/MII/)
      expect(hideSecrets(`<${spell(secret.replaceAll('\n', ' '))}>`, [secret])).not.toMatch(/MII/)
    }
  })

  test('what a secret holds in base64 is hidden too', () => {
    const secret = base64('admin:hunter2!')
    expect(hideSecrets('admin:hunter2! or hunter2! alone', [secret])).toBe('[secret] or [secret] alone')
  })

  test('blanks around it do not save it', () => {
    expect(hideSecrets('k=s3cret1', [' s3cret1 '])).toBe('k=[secret]')
  })

  test('what is something else stays', () => {
    const text = 'The weather in Bern & <Zürich> is 21 °C %20 \\u0041 aGVsbG8='
    expect(hideSecrets(text, [SECRET, 'plain-key-1'])).toBe(text)
    expect(hideSecrets({ a: [1, null] }, [])).toEqual({ a: [1, null] })
  })

  test('any secret in any spelling', () => {
    const secrets = fc.string({ minLength: 4, maxLength: 40 }).filter((text) => text.trim().length >= 4)
    fc.assert(
      fc.property(secrets, fc.constantFrom(...Object.values(SPELLINGS)), (raw, spell) => {
        const secret = raw.trim()
        expect(hideSecrets(`<${spell(secret)}>`, [secret])).toContain('[secret]')
      }),
    )
  })

  test('a megabyte of almost that does not take for ever', () => {
    // Time of this process alone: the machine may be busy with others.
    const started = process.cpuUsage()
    for (const secret of ['\\'.repeat(40), '%25'.repeat(20), '&amp;'.repeat(12), 'a'.repeat(200), 'u005c'.repeat(20)])
      hideSecrets(`${secret.slice(0, -1)}x`.repeat(Math.ceil(200_000 / secret.length)), [secret])
    hideSecrets('\\'.repeat(250_000), ['\\abcd'])
    hideSecrets('x'.repeat(1_000_000), [SECRET, 'plain-key-1'])
    const { user, system } = process.cpuUsage(started)
    expect((user + system) / 1_000).toBeLessThan(5_000)
  })
})
