import { describe, expect, it } from 'vitest'
import type { EvalSummary as Summary } from '@/lib/evals/contract'
import { scorePoints } from './score-points'

const summary = (more: Partial<Summary>): Summary => ({
  id: '01930000-0000-7000-8000-000000000001' as Summary['id'],
  dataset_name: 'capitals',
  dataset_version: 1,
  workspace_id: 'default',
  environment: null,
  version_hash: null,
  model: 'echo',
  scores: {
    ...{ accuracy: 0.5, pass_rate: 0.5, avg_score: 0.75, avg_duration_ms: 1, total_cost: 0, confidence: null },
    ...{ avg_exact_match: null, avg_semantic_similarity: null, avg_tool_call_match: null },
  },
  ...{ case_count: 2, pass_count: 1, duration_ms: 5, repeats: 1, cap_usd: null, baseline_id: null },
  ...{ promotion_id: null, failure: null, started_by: 'user:a', status: 'failed', state: 'completed', done_count: 2 },
  started_at: '2026-03-01T10:00:00.000Z' as Summary['created_at'],
  completed_at: '2026-03-01T10:00:01.000Z' as Summary['created_at'],
  created_at: '2026-03-01T10:00:00.000Z' as Summary['created_at'],
  ...more,
})

describe('scores over time', () => {
  it('are those of one dataset that came to their end, oldest first', () => {
    const runs = [
      summary({ id: 'c', completed_at: '2026-03-03T10:20:00.000Z' }),
      summary({ id: 'b', completed_at: '2026-03-02T10:20:00.000Z', dataset_name: 'other' }),
      summary({ id: 'r', status: 'running', completed_at: null }),
      summary({ id: 'x', status: 'cancelled', completed_at: '2026-03-01T10:20:00.000Z' }),
      summary({ id: 'a', completed_at: '2026-03-01T10:20:00.000Z', version_hash: '9f86d081884c7d65' }),
    ]
    const found = scorePoints(runs, 'capitals')
    expect(found.map(({ key }) => key)).toEqual(['a', 'c'])
    expect(found[0]).toMatchObject({
      label: '03-01 10:20',
      title: '2026-03-01 10:20 UTC, 9f86d081, echo',
      values: { rate: 0.5, score: 0.75, low: null, high: null },
    })
  })
})
