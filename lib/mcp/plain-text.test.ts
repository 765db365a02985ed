import { expect, test } from 'vitest'
import { plainText } from './plain-text'

test.each([
  ['Adds two numbers.', 'Adds two numbers.'],
  ['a\u0000b\u0007c\u001b[31m', 'abc[31m'],
  ['one\r\n\ttwo', 'one two'],
  ['left\u202eright\u2066\u200b\u200d\ufeff', 'leftright'],
  ['tag\u{e0041}\u{e0042}ged\u{e0101}', 'tagged'],
  ['\ud800half', 'half'],
  ['Grüße, 世界 👋', 'Grüße, 世界 👋'],
])('%j reads %j', (given, plain) => {
  expect(plainText(given, 100)).toBe(plain)
})

test('is bounded by letters, not by halves of them', () => {
  expect(plainText('👋'.repeat(10), 3)).toBe('👋👋👋…')
  expect(plainText('x'.repeat(1_000_000), 10)).toBe(`${'x'.repeat(10)}…`)
})

test.each([undefined, null, 3, {}, ['a']])('%j is no text', (value) => {
  expect(plainText(value, 10)).toBe('')
})
