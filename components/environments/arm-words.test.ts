import { describe, expect, it } from 'vitest'
import type { ArmView, CanaryComparison } from '@/lib/workspace/contract/canary'
import { verdictOf } from './arm-words'

const arm = (ended: number) => ({ ended }) as ArmView

type Found = CanaryComparison['error_rate_difference']

const said = (stable: number, canary: number, found: Found) =>
  verdictOf({ stable: arm(stable), canary: arm(canary), error_rate_difference: found } as CanaryComparison)

const found = (verdict: NonNullable<Found>['verdict'], low: number, high: number): Found => ({
  difference: (low + high) / 2,
  low,
  high,
  confidence: 0.95,
  verdict,
})

describe('what is said of two arms', () => {
  it('is nothing as long as one of them has no run that ended', () => {
    expect(said(0, 0, null)).toContain('no run has ended on either arm')
    expect(said(9, 0, null)).toContain('no run has ended on the canary')
    expect(said(0, 9, null)).toContain('no run has ended on the stable arm')
  })

  it('never calls little evidence good news', () => {
    expect(said(500, 4, found('no_difference_shown', -0.2, 0.45))).toBe(
      'No difference in failures is shown; it lies with 95 % confidence between −20 and +45 points. The smaller arm has 4 ended runs; that shows little.',
    )
    expect(said(500, 300, found('no_difference_shown', -0.01, 0.012))).not.toContain('little')
  })

  it('names how far apart they may lie', () => {
    expect(said(500, 300, found('worse', 0.021, 0.1))).toBe(
      'The canary fails more often: with 95 % confidence between +2.1 and +10 points.',
    )
    expect(said(500, 300, found('better', -0.1, -0.021))).toContain('less often')
  })
})
