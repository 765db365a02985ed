import { expect, it } from 'vitest'
import {
  formatBytes,
  formatDuration,
  formatExactMoney,
  formatMoney,
  formatRelative,
  formatShortCount,
  formatUtc,
  shortenId,
} from './format'

it.each([
  [0.2, '<1 ms'],
  [840, '840 ms'],
  [3_200, '3.2 s'],
  [9_990, '10 s'],
  [59_700, '1 m 00 s'],
  [64_000, '1 m 04 s'],
  [3_720_000, '1 h 02 m'],
  [200_000_000, '2 d 7 h'],
])('says %d ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text))

it.each([
  [0, '$0.00'],
  [4_200, '$0.0042'],
  [12, '$0.000012'],
  [1_467, '$0.0015'],
  [368, '$0.00037'],
  [370.4, '$0.00037'],
  [12_400_000, '$12.40'],
  [1_234_000_000, '$1.2k'],
  [-12_400_000, '−$12.40'],
])('says %d µUSD as %s', (micro, text) => expect(formatMoney(micro)).toBe(text))

it('says the exact price for whoever asks', () => expect(formatExactMoney(4_200)).toBe('$0.004200'))

it.each([
  [999, '999'],
  [9_999, '9,999'],
  [12_340, '12.3k'],
  [999_400, '999k'],
  [1_000_000, '1M'],
])('shortens %d to %s', (value, text) => expect(formatShortCount(value)).toBe(text))

it.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_536, '1.5 KiB'],
  [157_286_400, '150 MiB'],
])('says %d bytes as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

it('tells how long ago and how soon', () => {
  const now = Date.parse('2026-01-02T00:00:00Z')
  expect(formatRelative('2026-01-01T23:59:58Z', now)).toBe('now')
  expect(formatRelative('2026-01-01T23:57:00Z', now)).toBe('3 m ago')
  expect(formatRelative('2026-01-01T00:00:00Z', now)).toBe('24 h ago')
  expect(formatRelative('2026-01-09T00:00:00Z', now)).toBe('in 7 d')
})

it('shortens ids in the middle and leaves short ones alone', () => {
  expect(shortenId('0193f0a0-0000-7000-8000-000000000000')).toBe('0193f0a0…0000')
  expect(shortenId('tenant-a')).toBe('tenant-a')
  expect(shortenId(`sha256:${'ab'.repeat(32)}`)).toBe('abababab…abab')
})

it('says instants in UTC', () => expect(formatUtc('2026-01-01T10:20:30.400Z')).toBe('2026-01-01 10:20:30 UTC'))
