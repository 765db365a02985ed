import { describe, expect, it } from 'vitest'
import { EvalBody } from '@/lib/evals/contract'
import { NEW_RUN, newScorer, runBody, SCORER_KINDS } from './run-draft'

const DRAFT = { ...NEW_RUN, dataset: 'capitals' }

describe('a run as it is typed in', () => {
  it('of a dataset alone is what the server takes, and does not wait', () => {
    const { body, faults } = runBody(DRAFT)
    expect(faults).toEqual({})
    expect(EvalBody.parse(body)).toMatchObject({
      dataset: { name: 'capitals' },
      wait: false,
      options: { repeats: 1, parallel: 4, pass_threshold: 1, case_threshold: 0.7, mock_tools: true },
    })
    expect(body.options).not.toHaveProperty('cap_usd')
  })

  it.each(SCORER_KINDS)('knows a scorer of the kind %s', (kind) => {
    const value = { latency: '2000', cost: '0.05', json_schema: '{"type":"object"}', numeric: '0.5' }[kind as 'cost']
    const scorers = [{ ...newScorer(kind), value: value ?? 'exact' }, newScorer('tool_sequence')]
    const { body, faults } = runBody({ ...DRAFT, scorers })
    expect(faults).toEqual({})
    const names = EvalBody.parse(body).options?.scorers?.map(({ name }) => name)
    expect(new Set(names).size).toBe(2)
  })

  it.each([
    [{ dataset: ' ' }, 'dataset'],
    [{ source: 'file' as const, file: '' }, 'file'],
    [{ datasetVersion: '1.5' }, 'datasetVersion'],
    [{ repeats: '0' }, 'repeats'],
    [{ repeats: 'many' }, 'repeats'],
    [{ parallel: '17' }, 'parallel'],
    [{ cap: '-1' }, 'cap'],
    [{ threshold: '101' }, 'threshold'],
    [{ subject: 'version' as const, version: 'xyz' }, 'version'],
    [{ subject: 'environment' as const }, 'environment'],
    [{ scorers: [newScorer('judge')] }, 'scorers.0'],
    [{ scorers: [{ ...newScorer('json_schema'), value: '[]' }] }, 'scorers.0'],
    [{ scorers: [{ ...newScorer('judge'), value: 'Kind?', threshold: '' }] }, 'scorers.0.threshold'],
  ])('says what is not whole: %j', (change, field) => {
    expect(Object.keys(runBody({ ...DRAFT, ...change }).faults)).toEqual([field])
  })

  it('leaves the version of a skill out that is not named', () => {
    expect(runBody({ ...DRAFT, skillVersion: '1.0.0' }).body.options).not.toHaveProperty('skill_version')
    expect(runBody({ ...DRAFT, skill: 'tea', skillVersion: '1.0.0' }).body.options).toMatchObject({
      skill_name: 'tea',
      skill_version: '1.0.0',
    })
  })
})
