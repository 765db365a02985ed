import { kernel } from '@/lib/core/kernel'
import { seesTexts } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { uuidv7 } from '@/lib/shared/id'
import { missing, Problem } from '@/lib/shared/problem'
import {
  findTestRuns,
  insertTestRun,
  isSkillState,
  registrySkill,
  requireSkill,
  type SkillTest,
  type TestRunRow,
  thisHost,
} from '@/lib/skills'
import type { SkillTestOptions } from '@/lib/skills/contract'
import { inPool } from '../runs/in-pool'
import { trialManifest } from '../runs/trial-manifest'
import { noteReading } from './note-reading'
import { openRuns } from './open-runs'
import { keptResult, presentRun } from './present-tests'
import { runTest, type Tested, type TestPlan } from './run-test'

const WIDTH = 4
const DEFAULT_WORKSPACE = 'default'

const workspaceOf = (scope: Scope, { workspace_id: wished }: SkillTestOptions): string =>
  wished ?? scope.workspaceId ?? scope.identity.workspaceIds?.[0] ?? DEFAULT_WORKSPACE

const planFor = async (scope: Scope, name: string, version: string | undefined, options: SkillTestOptions) => {
  const { allowedSkills } = scope.identity
  if (allowedSkills !== undefined && !allowedSkills.includes(name)) return missing('skill', name)
  const row = await requireSkill(scope, name, version)
  const manifest = await trialManifest(scope, row, 'tested')
  const tests = manifest.tests ?? []
  if (tests.length === 0) throw new Problem('no_tests', undefined, { name, version: row.version })
  const state = isSkillState(row.state) ? row.state : 'draft'
  const skill = registrySkill(
    { manifest, contentHash: row.contentHash, state },
    thisHost(() => false),
    null,
  )
  const runId = uuidv7(scope.clock.now().getTime())
  const plan: TestPlan = { manifest, skill, options, runId, workspaceId: workspaceOf(scope, options) }
  return { row, tests, plan }
}

// Where this host lacks what the skill needs, no run would carry it, and nothing would be tested.
const assertCarried = ({ skill }: TestPlan): void => {
  if (skill.isVisible) return
  throw new Problem('promotion_failed', `The skill cannot run here: ${skill.gateReason ?? 'it is switched off'}.`)
}

const runAll = async (scope: Scope, plan: TestPlan, tests: readonly SkillTest[]): Promise<Tested[]> => {
  const waiting = tests.map((test, at) => ({ test, at }))
  const done: Tested[] = []
  await inPool({
    width: () => WIDTH,
    next: async () => waiting.shift() ?? null,
    work: async ({ test, at }) => {
      done[at] = await runTest(scope, plan, test)
    },
    mayBegin: () => !scope.signal.aborted,
  })
  scope.signal.throwIfAborted()
  return done
}

const modelOf = (done: readonly Tested[], { model }: SkillTestOptions): string =>
  done.find((one) => one.model !== null)?.model ?? model ?? kernel().env.LLM_MODEL_DEFAULT

type Ran = { row: { name: string; version: string; contentHash: string }; plan: TestPlan; done: readonly Tested[] }

const record = (scope: Scope, { row, plan, done }: Ran, startedAt: Date): Promise<TestRunRow> => {
  const { name, version, contentHash } = row
  const passCount = done.filter(({ passed }) => passed).length
  const counts = { testCount: done.length, passCount, failCount: done.length - passCount }
  const isPassed = counts.failCount === 0
  const data = {
    ...{ name, version, content_hash: contentHash, run_id: plan.runId, passed: isPassed },
    ...{ pass_count: counts.passCount, fail_count: counts.failCount },
  }
  const about = {
    event: 'skill_test_run' as const,
    entityId: `${name}@${version}`,
    workspaceId: plan.workspaceId,
    data,
  }
  const results = done.map((one) => scope.redaction.value(keptResult(one)) as object)
  return scope.mutate(about, (db) =>
    insertTestRun(db, {
      ...{ id: plan.runId, name, version, contentHash, ...counts, results, startedAt },
      status: isPassed ? 'passed' : 'failed',
      model: modelOf(done, plan.options),
      mocked: plan.options.mock_tools,
      costMicroUsd: BigInt(done.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0)),
      durationMs: done.reduce((sum, { durationMs }) => sum + durationMs, 0),
      runBy: scope.actor,
      completedAt: scope.clock.now(),
    }),
  )
}

const statusOf = (isPassed: boolean) => (isPassed ? ('passed' as const) : ('failed' as const))

/** Runs the tests of a version and keeps how they went, bound to exactly the content that was tested. */
export const testSkill = async (scope: Scope, name: string, version: string | undefined, options: SkillTestOptions) => {
  const startedAt = scope.clock.now()
  const { row, tests, plan } = await planFor(scope, name, version, options)
  assertCarried(plan)
  const done = await runAll(scope, plan, tests)
  const stored = await record(scope, { row, plan, done }, startedAt)
  await noteReading(
    scope,
    done.flatMap(({ traceId }) => traceId ?? []),
  )
  const result = presentRun(stored, seesTexts(scope))
  return {
    status: statusOf(result.fail_count === 0),
    result,
    skill: row.name,
    version: row.version,
    results: result.results.map(({ test_name, passed, duration_ms, error }) => ({
      ...{ name: test_name, status: statusOf(passed), duration_ms },
      ...(error === undefined ? {} : { error }),
    })),
    summary: { total: done.length, passed: result.pass_count, failed: result.fail_count },
  }
}

type Asked = { version?: string | undefined; limit: number }

export const listSkillTests = async (scope: Scope, name: string, { version, limit }: Asked) => {
  const { name: known } = await requireSkill(scope, name, version)
  const rows = await findTestRuns(scope.db, known, version, limit)
  const open = await openRuns(scope, rows)
  await noteReading(scope, [...open])
  return {
    name: known,
    runs: rows.map((row) => ({ ...presentRun(row, open.has(row.id)), status: statusOf(row.status === 'passed') })),
  }
}
