import { describe, expect, it, test } from 'vitest'
import { createStreamRedactor, redactText } from '../../redact'
import { compileOwn } from '../own-pattern'
import { compileRules, lookOf, renderOf } from '../rules'
import { precisionOf, readCorpus, recallOf, scoreCorpus } from './score-corpus'

describe('the corpus', () => {
  const samples = readCorpus()
  const { scores } = scoreCorpus(samples)

  it('holds enough, of every kind, and what only looks alike', () => {
    expect(samples.length).toBeGreaterThanOrEqual(600)
    expect(samples.filter(({ spans }) => spans.length === 0).length).toBeGreaterThanOrEqual(200)
    expect(scores.filter(({ samples: n }) => n > 0)).toHaveLength(15)
  })

  test.each(scores)('$kind is found and not found elsewhere', (score) => {
    expect(recallOf(score)).toBeGreaterThanOrEqual(0.99)
    expect(precisionOf(score)).toBeGreaterThanOrEqual(0.9)
  })

  it('leaves nothing to find, and comes through streams alike', () => {
    for (const { text } of samples) {
      const clean = redactText(text)
      expect(redactText(clean)).toBe(clean)
      const stream = createStreamRedactor()
      expect([...text].map((char) => stream.push(char)).join('') + stream.end()).toBe(clean)
    }
  })
})

const RULES = compileRules(
  [
    { name: 'email', pattern: null, strategy: 'hash' },
    { name: 'credit_card', pattern: null, strategy: 'summarize' },
    { name: 'ssn', pattern: null, strategy: 'token' },
    { name: 'ip_address', pattern: null, strategy: 'mask', isEnabled: false },
    { name: 'staff', pattern: 'STF-\\d+', strategy: 'mask' },
    { name: 'block', pattern: '<<[^>]*>>', strategy: 'hash' },
  ].map((row) => ({ replacement: null, isEnabled: true, ...row })),
)
const means = () => ({ key: Buffer.from('test'), keep: () => undefined })

describe('rules of a tenant', () => {
  const look = lookOf(RULES, means)
  const streamed = (text: string, size: number): string => {
    const stream = createStreamRedactor(RULES, renderOf(RULES, means))
    let out = ''
    for (let at = 0; at < text.length; at += size) out += stream.push(text.slice(at, at + size))
    return out + stream.end()
  }

  test.each([1, 7, 100, 3_000])('give the same in pieces of %i as for the whole', (size) => {
    const words = [
      'STF-12',
      ' jo@example.com ',
      '4111 1111 1111 1111',
      ' <<a secret',
      ' block>> ',
      '10.1.2.3 ',
      'STF-',
      '9 ',
    ]
    for (let seed = 1; seed < 40; seed++) {
      let state = seed * 7_919
      const next = (): number => {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
        return state
      }
      const text = Array.from({ length: 400 }, () =>
        next() % 3 === 0 ? words[next() % words.length] : 'plain words ',
      ).join('')
      expect(streamed(text, size)).toBe(look.text(text))
    }
  })

  it('hold back no more than two windows of a pattern', () => {
    const stream = createStreamRedactor(RULES, renderOf(RULES, means))
    let [given, told] = [0, 0]
    for (let n = 0; n < 2_000; n++) {
      given += 12
      told += stream.push('plain words ').length
      expect(given - told).toBeLessThan(6_000)
    }
  })

  it('keep ids and times whole, and reach numbers', () => {
    const rules = compileRules([
      { name: 'digits', pattern: '\\b\\d{8}\\b', strategy: 'mask', replacement: null, isEnabled: true },
    ])
    const { text, number } = lookOf(rules, means)
    expect(text('01930000-1234-7234-8234-123456789012 at 2026-03-01T12:00:00.000Z')).toContain('01930000-1234')
    expect(text('number 12345678')).toBe('number [DIGITS]')
    expect(number(12345678)).toBe('[DIGITS]')
    expect(number(1234567)).toBe(1234567)
  })
})

// Time of this process alone: the machine may be busy with others.
const cpuOf = (work: () => void): number => {
  const started = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1_000
}

describe('sixteen times the text takes about sixteen times as long', () => {
  const units = [
    'a',
    'a@',
    '1-',
    '4111 ',
    'eyJaaaaaaaa.',
    'password="',
    'sk-',
    'SK',
    'dapi',
    'hooks.slack.com/services/',
  ]
  test.each([...units, '123456789:AA', 'xoxb-', '[TOKEN:'])('%j', (unit) => {
    const of = (size: number) => unit.repeat(Math.ceil(size / unit.length))
    const [small, large] = [of(1 << 16), of(1 << 20)]
    redactText(small)
    const one = Math.min(...[1, 2, 3].map(() => cpuOf(() => redactText(small))))
    const more = cpuOf(() => redactText(large))
    expect(more).toBeLessThan(Math.max(one, 8) * 16 * 3)
  })

  test.each(['a.*b|a', '\\d+x|\\d', '(?:\\w+\\s)+z|\\w', 'STF-\\d+'])('also with %s', (source) => {
    const pattern = compileOwn(source)
    if (typeof pattern === 'string') throw new Error(pattern)
    for (const unit of ['a', '1', 'a1 '])
      expect(cpuOf(() => pattern.find(unit.repeat((1 << 20) / unit.length), 0, true))).toBeLessThan(6_000)
  })
})
