import { expect, it } from 'vitest'
import { maskKey } from './mask-key'

it('a text without the key stays as it is', () => {
  expect(maskKey('nothing to see', 'sk-something-long')).toBe('nothing to see')
  expect(maskKey('nothing to see', '')).toBe('nothing to see')
})

it.each(['', 'a', 'ab', 'Bearer '])('a key after "%s" is found in base64, whatever follows', (before) => {
  const key = 'sk-something-long+/?'
  for (const after of ['', ':', 'xyz']) {
    const text = Buffer.from(`${before}${key}${after}`).toString('base64')
    expect(maskKey(text, key)).toContain('[API_KEY]')
    expect(maskKey(text.replaceAll('+', '-').replaceAll('/', '_'), key)).toContain('[API_KEY]')
  }
})
