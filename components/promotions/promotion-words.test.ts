import { describe, expect, it } from 'vitest'
import type { CheckName, CheckState } from '@/lib/promotion/contract'
import { mustBeMended, tallyOf, waitsWords } from './promotion-words'

const checks = (...said: [CheckName, CheckState][]) => said.map(([name, status]) => ({ name, status }))

describe('where checks stand', () => {
  it('tells what is awaited from what fails', () => {
    const all = checks(
      ['gates', 'pass'],
      ['prompt_size', 'fail'],
      ['eval_baseline', 'inconclusive'],
      ['impact_reviewed', 'running'],
      ['soak_time', 'fail'],
      ['approvals', 'fail'],
    )
    expect(tallyOf(all)).toBe('1 of 6 pass, 1 fail, 1 inconclusive, 2 awaited, 1 on the way')
    expect(mustBeMended(all)).toEqual(['prompt_size'])
  })

  it('names nothing that is not', () => {
    expect(tallyOf(checks(['gates', 'pass']))).toBe('1 of 1 pass')
  })
})

it('what a promotion waits for is said in words, in the order in which it comes', () => {
  expect(waitsWords({ waits_for: [] })).toBeNull()
  expect(waitsWords({ waits_for: ['approvals', 'soak_time'] })).toBe('waits for approvals, its soak time')
})
