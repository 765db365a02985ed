import { describe, expect, it } from 'vitest'
import { defaultBackoff, exponential, steps, withJitter } from './backoff'

describe('backoff', () => {
  it('doubles up to a ceiling', () => {
    expect([1, 2, 3, 4, 20].map(exponential(1_000, 5_000))).toEqual([1_000, 2_000, 4_000, 5_000, 5_000])
    expect(defaultBackoff(1)).toBe(1_000)
    expect(defaultBackoff(99)).toBe(300_000)
  })

  it('follows given steps and stays on the last', () => {
    expect([1, 2, 3, 4].map(steps(5_000, 30_000, 120_000))).toEqual([5_000, 30_000, 120_000, 120_000])
  })

  it('spreads by a fifth to either side', () => {
    expect(withJitter(1_000, () => 0)).toBe(800)
    expect(withJitter(1_000, () => 0.5)).toBe(1_000)
    expect(withJitter(1_000, () => 1)).toBe(1_200)
  })
})
