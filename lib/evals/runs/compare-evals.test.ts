import { beforeEach, expect, it } from 'vitest'
import { type AgentHouse, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { evaluator } from '@/lib/core/testing/evaluator'

type Json = Record<string, unknown>

const one = (id: string, expected_output: string) => ({ id, input: `Say ${id}`, expected_output })

describeEachDialect('two evaluations side by side', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect, { env: { CLASPER_RETRY_ATTEMPTS: '1', LLM_MODEL_FALLBACK: '' } })
  beforeEach(() => {
    house.provider.reset()
    house.provider.answer(() => ({ text: 'yes' }))
  })

  const sides = async (tenant: { id: string }, before: object[], after: object[]) => {
    const { run, ask } = evaluator(tenant)
    const asked = async (cases: object[]) => {
      const { body } = await run({ dataset: { name: 'd', cases } })
      expect((body['results'] as Json[]).flatMap(({ error }) => error ?? [])).toEqual([])
      return String(body['id'])
    }
    const [first, second] = [await asked(before), await asked(after)]
    const { body } = await ask('compare', { params: { id: second }, query: `baseline_id=${first}` })
    return body['comparison'] as Json & { avg_score: { delta: number; low: number; high: number } }
  }

  it('tell the change of what both were asked; a case that is new or gone changes no score', async () => {
    const kept = ['a', 'b', 'c', 'd'].map((id) => one(id, 'yes'))
    const bad = ['x', 'y'].map((id) => one(id, 'something else entirely'))
    const found = await sides(house.tenant(), [...kept, ...bad], [...kept, one('z', 'nothing like it')])
    const { delta, low, high } = found.avg_score
    expect(found.avg_score).toMatchObject({ baseline: 1, current: 1, delta: 0, is_significant: false })
    expect(delta).toBeGreaterThanOrEqual(low)
    expect(delta).toBeLessThanOrEqual(high)
    expect(found).toMatchObject({
      verdict: 'inconclusive',
      summary: { new_cases_count: 1, removed_cases_count: 2, unchanged_count: 4 },
    })
  })

  it('prove nothing where the baseline was never asked', async () => {
    const tenant = house.tenant()
    const cases = ['a', 'b'].map((id) => one(id, 'yes'))
    const { run, ask } = evaluator(tenant)
    const begun = await run({ dataset: { name: 'd', cases }, wait: false })
    const baseline = String(begun.body['id'])
    expect((await ask('cancel', { params: { id: baseline } })).body).toMatchObject({ state: 'cancelled' })
    const { body } = await run({ dataset: { name: 'd', cases } })
    const query = `baseline_id=${baseline}`
    const compared = await ask('compare', { params: { id: String(body['id']) }, query })
    expect(compared.body['comparison']).toMatchObject({ is_complete: false, verdict: 'inconclusive' })
  })
})
