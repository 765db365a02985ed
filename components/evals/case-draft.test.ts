import { describe, expect, it } from 'vitest'
import { EvalCase } from '@/lib/evals/contract'
import { caseOf, draftOf } from './case-draft'

const CASE = {
  id: 'fr',
  name: 'France',
  input: { country: 'France' },
  expected_output: 'Paris',
  tags: ['europe', 'easy'],
  expected_tool_calls: ['look_up'],
  mocks: { look_up: { returns: 'Paris' } },
}

describe('a case as it is typed in', () => {
  it('comes back as it was', () => {
    const { made, faults } = caseOf(draftOf(CASE))
    expect(faults).toEqual({})
    expect(made).toEqual(CASE)
    expect(EvalCase.parse(made)).toEqual(CASE)
  })

  it('that begins like JSON and is a sentence stays a sentence', () => {
    const draft = { ...draftOf(null), input: '{what is this', expected: '{} ' }
    expect(caseOf(draft).made).toEqual({ input: '{what is this', expected_output: {} })
  })

  it('says what is missing or torn', () => {
    expect(caseOf({ ...draftOf(null), more: '[1]' }).faults).toEqual({
      input: 'A case needs something that is asked',
      more: 'Must be a JSON object',
    })
  })

  it('is not renamed by what stands in the rest', () => {
    const { made } = caseOf({ ...draftOf(CASE), more: '{"id":"other","input":"other"}' })
    expect(made).toMatchObject({ id: 'fr', input: { country: 'France' } })
  })
})
