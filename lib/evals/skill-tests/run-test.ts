import { monotonicMs } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { type Mocks, type Rehearsed, rehearse } from '@/lib/runtime'
import { isProblem } from '@/lib/shared/problem'
import { expectsNothing, type FileSkill, type Manifest, type SkillTest } from '@/lib/skills'
import type { SkillTestOptions } from '@/lib/skills/contract'
import { actualOf, errorMiss, missesOf } from './expectation'
import { judgeTest } from './judge-test'
import { messageOf } from './test-message'

export type TestPlan = {
  manifest: Manifest
  skill: FileSkill
  workspaceId: string
  options: SkillTestOptions
  // What all traces of one run of tests have in common.
  runId: string
}

export type Tested = {
  test: SkillTest
  passed: boolean
  misses: readonly string[]
  durationMs: number
  costMicroUsd: number
  traceId: string | null
  model: string | null
  actual?: unknown
  output?: string
}

const MOST_OUTPUT = 20_000

const mocksOf = ({ mocks = {} }: SkillTest, { mock_tools }: SkillTestOptions): Mocks => (mock_tools ? mocks : 'none')

const wishOf = ({ manifest, skill, workspaceId, options, runId }: TestPlan, test: SkillTest) => ({
  kind: 'skill_test' as const,
  workspaceId,
  message: messageOf(manifest, test),
  model: options.model,
  temperature: options.temperature,
  timeoutMs: test.timeout ?? options.timeout,
  mocks: mocksOf(test, options),
  skills: [skill],
  correlationId: runId,
})

const withoutRun = (test: SkillTest, misses: readonly string[], durationMs = 0): Tested => ({
  ...{ test, misses, durationMs },
  passed: misses.length === 0,
  costMicroUsd: 0,
  traceId: null,
  model: null,
})

// What was refused before it began left no trace; it may be just what the test waits for.
const refused = (test: SkillTest, error: unknown, durationMs: number): Tested => {
  if (!isProblem(error)) throw error
  const told = { error: { code: error.code, message: error.message }, toolCalls: [] }
  const miss = waitedFor(test) === null ? `${error.code}: ${error.message}` : errorMiss(waitedFor(test) ?? true, told)
  return withoutRun(test, miss === null ? [] : [miss], durationMs)
}

const waitedFor = ({ expectError }: SkillTest): string | true | null =>
  expectError === undefined || expectError === false ? null : expectError

const failuresOf = (test: SkillTest, seen: Rehearsed): string[] => {
  const wanted = waitedFor(test)
  if (wanted !== null) {
    const miss = errorMiss(wanted, seen)
    if (miss !== null) return [miss]
    return seen.ok ? missesOf(test, seen) : []
  }
  if (seen.error !== undefined) return [`${seen.error.code}: ${seen.error.message}`]
  return missesOf(test, seen)
}

const judged = async (scope: Scope, plan: TestPlan, test: SkillTest, seen: Rehearsed): Promise<Tested> => {
  const misses = failuresOf(test, seen)
  const asksJudge = misses.length === 0 && seen.ok
  const verdict = asksJudge
    ? await judgeTest(scope, { test, seen, workspaceId: plan.workspaceId, correlationId: plan.runId })
    : { miss: null, costMicroUsd: 0 }
  const all = [...misses, ...(verdict.miss === null ? [] : [verdict.miss])]
  return {
    test,
    passed: all.length === 0,
    misses: all,
    durationMs: seen.durationMs,
    costMicroUsd: Number(seen.costMicroUsd) + verdict.costMicroUsd,
    traceId: seen.traceId,
    model: seen.model,
    actual: actualOf(seen),
    output: seen.text.slice(0, MOST_OUTPUT),
  }
}

/** One test through the one run loop. Nothing expected is nothing passed. */
export const runTest = async (scope: Scope, plan: TestPlan, test: SkillTest): Promise<Tested> => {
  if (expectsNothing(test)) return withoutRun(test, ['The test expects nothing, so it cannot pass'])
  const started = monotonicMs()
  try {
    return await judged(scope, plan, test, await rehearse(scope, wishOf(plan, test)))
  } catch (error) {
    scope.signal.throwIfAborted()
    return refused(test, error, Math.round(monotonicMs() - started))
  }
}
