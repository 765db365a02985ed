import { describe, expect, it } from 'vitest'
import type { EnvironmentView } from '@/lib/workspace/contract/environments'
import { namesIn, nextOf, pinDifferences, readSkillPins, skillPinLines } from './environment-words'

describe('skill pins', () => {
  it('are read as they are shown, and in the ways that people write them', () => {
    const pins = { refunds: '1.2.3', 'mail-merge': '0.1.0' }
    expect(readSkillPins(skillPinLines(pins))).toEqual({ pins, faults: [] })
    expect(readSkillPins(' refunds = 1.2.3 \n\nmail-merge: 0.1.0\r\n').pins).toEqual(pins)
  })

  it('name the lines that say nothing', () => {
    expect(readSkillPins('refunds\nRefunds@1.0.0\nx@1.0')).toEqual({
      pins: {},
      faults: ['refunds', 'Refunds@1.0.0', 'x@1.0'],
    })
  })
})

it('names are taken once each', () => {
  expect(namesIn('a, b\nb\n\n c ')).toEqual(['a', 'b', 'c'])
})

it('two pins differ in what is named, and in nothing else', () => {
  const one = { skill_pins: { a: '1.0.0', b: '1.0.0' }, model_pin: 'm', provider_pin: null }
  expect(pinDifferences(one, one)).toEqual([])
  expect(pinDifferences(one, null)).toEqual(['skill a none → 1.0.0', 'skill b none → 1.0.0', 'model none → m'])
  expect(pinDifferences({ ...one, skill_pins: { a: '2.0.0' } }, one)).toEqual([
    'skill a 1.0.0 → 2.0.0',
    'skill b 1.0.0 → none',
  ])
})

it('a version goes from dev to staging to prod, and nowhere by itself from elsewhere', () => {
  const all = ['dev', 'staging', 'prod', 'qa'].map((environment) => ({ environment }) as EnvironmentView)
  expect(['dev', 'staging', 'prod', 'qa', 'x'].map((name) => nextOf(all, name)?.environment ?? null)).toEqual([
    'staging',
    'prod',
    null,
    null,
    null,
  ])
})
