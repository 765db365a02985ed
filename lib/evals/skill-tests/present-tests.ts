import { usdOf } from '@/lib/shared/money'
import { toWire } from '@/lib/shared/time'
import type { TestRunRow } from '@/lib/skills'
import type { SkillTestReport, SkillTestResult } from '@/lib/skills/contract'
import type { Tested } from './run-test'

/** A result as it is kept: what runs said is cleaned before. */
export const keptResult = ({ test, ...tested }: Tested): SkillTestResult => ({
  test_name: test.name,
  passed: tested.passed,
  expected: test.expect ?? test.expectError ?? null,
  actual: tested.actual ?? null,
  ...(tested.misses.length === 0 ? {} : { diff: [...tested.misses] }),
  duration_ms: tested.durationMs,
  cost: usdOf(tested.costMicroUsd),
  cost_micro_usd: tested.costMicroUsd,
  trace_id: tested.traceId,
  ...(tested.passed ? {} : { error: tested.misses[0] ?? 'failed' }),
  ...(tested.output === undefined ? {} : { output: tested.output }),
})

const WITHHELD = '[Sensitive content withheld]'

// What a run said is a payload; a reader without the right to it learns how it went.
const withheld = ({ actual, diff, output, error, ...plain }: SkillTestResult): SkillTestResult => ({
  ...plain,
  withheld: true,
  ...(error === undefined ? {} : { error: WITHHELD }),
})

const shareOf = (all: number, part: number): number => (all === 0 ? 0 : part / all)

export const presentRun = (row: TestRunRow, isOpen: boolean): SkillTestReport => {
  const results = row.results as SkillTestResult[]
  return {
    id: row.id,
    skill_name: row.name,
    skill_version: row.version,
    content_hash: row.contentHash,
    model: row.model,
    mocked: row.mocked,
    pass_count: row.passCount,
    fail_count: row.failCount,
    pass_rate: shareOf(row.testCount, row.passCount),
    total_duration_ms: row.durationMs,
    total_cost: usdOf(row.costMicroUsd),
    total_cost_micro_usd: Number(row.costMicroUsd),
    started_at: toWire(row.startedAt),
    completed_at: toWire(row.completedAt ?? row.startedAt),
    run_by: row.runBy,
    results: isOpen ? results : results.map(withheld),
  }
}
