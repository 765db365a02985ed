import { expect, it } from 'vitest'
import { traceIdsIn } from './trace-ids'

const ID = '01930000-0000-7000-8000-000000000001'
const OTHER = '01930000-0000-7000-8000-00000000000A'

it('finds ids however they were copied, each once', () => {
  expect(traceIdsIn(`${ID}\n${ID}, https://x/ops/traces/${OTHER}; nonsense`)).toEqual({
    ids: [ID, OTHER.toLowerCase()],
    strange: ['nonsense'],
  })
  expect(traceIdsIn('  ')).toEqual({ ids: [], strange: [] })
})
