import { expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { putTrace } from '@/lib/core/testing/sample-trace'
import { enforce, eraseUser, setPolicy } from './index'

const AT = new Date('2030-01-01T00:00:00Z')
const WHY = { reason_code: 'data_subject_request', justification: 'Ann asked for it by letter' } as const
const SECRET = 'what Ann wrote'

const counts = { caseCount: 2, doneCount: 2, passCount: 2, failCount: 0, errorCount: 0, inconclusiveCount: 0 }

// A dataset with a case made of Ann's trace and one that somebody wrote, and an evaluation that asked both.
const evaluated = async (tenantId: string, fromTrace: string, ranAs: string) => {
  const dataset = { tenantId, datasetId: 'd', position: 1, fromVersion: 1, bodyHash: 'h' }
  const said = { name: 'kind', type: 'judge', passed: true, score: 1, weight: 1, required: true, note: SECRET }
  const scores = { exact_match: 1, semantic_similarity: 1, tool_call_match: 1, parts: [said] }
  const result = { tenantId, runId: 'e', attempt: 1, position: 1, status: 'passed', scores, costMicroUsd: 1n }
  const label = { tenantId, runId: 'e', attempt: 1, scorer: 'overall', passed: true, labelledBy: 'x', labelledAt: AT }
  await systemWrite(async ({ client }) => {
    await client.dataset.create({
      data: { tenantId, id: 'd', name: 'd', latestVersion: 1, createdBy: 'x', createdAt: AT, updatedAt: AT },
    })
    await client.datasetCase.createMany({
      data: [
        { ...dataset, rowId: '1', caseId: 'hers', body: { input: SECRET }, traceId: fromTrace },
        { ...dataset, rowId: '2', caseId: 'own', body: { input: 'written' } },
      ],
    })
    await client.evalRun.create({
      data: {
        ...{ tenantId, id: 'e', status: 'completed', datasetId: 'd', datasetName: 'd', workspaceId: 'default' },
        ...{ model: 'demo/echo', options: {}, scorers: [], repeats: 1, ...counts, costMicroUsd: 2n },
        ...{ startedBy: 'x', createdAt: AT },
      },
    })
    await client.evalResult.createMany({
      data: [
        { ...result, caseId: 'hers', caseBody: { input: SECRET }, output: SECRET, traceId: ranAs, score: 1 },
        { ...result, caseId: 'own', caseBody: { input: 'written' }, output: 'an answer', score: 1 },
      ],
    })
    await client.evalLabel.createMany({
      data: ['hers', 'own'].map((caseId) => ({ ...label, caseId, labelledById: 'x', comment: SECRET })),
    })
    await client.annotationItem.create({
      data: { tenantId, id: 'q', queue: 'q', traceId: fromTrace, status: 'open', createdBy: 'x', createdAt: AT },
    })
  })
}

const left = async (tenantId: string) => {
  const where = { tenantId }
  const cases = await systemDb().datasetCase.findMany({ where, orderBy: { caseId: 'asc' } })
  const results = await systemDb().evalResult.findMany({ where, orderBy: { caseId: 'asc' } })
  const labels = await systemDb().evalLabel.findMany({ where, orderBy: { caseId: 'asc' } })
  return {
    cases: cases.map(({ caseId }) => caseId),
    results: results.map(({ caseId, caseBody, output, score }) => [caseId, caseBody, output, score]),
    notes: results.map(({ scores }) => (scores as { parts: { note: string | null; score: number }[] }).parts[0]),
    comments: labels.map(({ comment }) => comment),
    items: await systemDb().annotationItem.count({ where }),
  }
}

const KEPT_OF_OTHERS = {
  notes: [
    { note: null, score: 1 },
    { note: SECRET, score: 1 },
  ],
  comments: [null, SECRET],
}
const OWN = ['own', { input: 'written' }, 'an answer', 1]

describeEachDialect('what evaluations made of traces', (dialect) => {
  useKernel(dialect, { clock: fixedClock(AT) })

  it('goes with the person, wherever it was asked again; of others nothing is touched', async () => {
    const [one, other] = [await newTenant(), await newTenant()]
    for (const { id } of [one, other]) {
      const hers = await putTrace(id, { userId: 'ann' })
      await evaluated(id, hers, await putTrace(id, { userId: 'runner' }))
    }
    await eraseUser(one.scope, { user_id: 'ann', ...WHY })
    expect(await left(one.id)).toMatchObject({
      ...KEPT_OF_OTHERS,
      cases: ['own'],
      results: [['hers', { input: '[ERASED]' }, null, 1], OWN],
      items: 0,
    })
    expect(await left(other.id)).toMatchObject({ cases: ['hers', 'own'], items: 1 })
    expect(JSON.stringify(await left(other.id))).toContain(SECRET)
  })

  it('goes with the person from the runs that asked it again, and from those of their judges', async () => {
    const { id, scope } = await newTenant()
    const words = { text: SECRET, inputs: { message: SECRET }, outcome: { message: SECRET } }
    const asked = { ...words, startedAt: AT, completedAt: AT }
    const hers = await putTrace(id, { userId: 'ann', ...words })
    const again = await putTrace(id, { userId: 'runner', kind: 'eval', correlationId: 'e', ...asked })
    const judge = await putTrace(id, { userId: 'runner', kind: 'llm_task', correlationId: 'e', ...asked })
    const other = await putTrace(id, { userId: 'runner', kind: 'llm_task', correlationId: 'f', ...asked })
    await evaluated(id, hers, again)
    await eraseUser(scope, { user_id: 'ann', ...WHY })
    const where = { tenantId: id }
    const traces = await systemDb().trace.findMany({ where })
    expect(new Map(traces.map((row) => [row.id, row.storage]))).toEqual(
      new Map([
        [again, 'minimal'],
        [judge, 'minimal'],
        [other, 'full'],
      ]),
    )
    expect((await systemDb().traceText.findMany({ where })).map(({ traceId }) => traceId)).toEqual([other])
    expect((await systemDb().traceContent.findMany({ where })).map(({ traceId }) => traceId)).toEqual([other])
  })

  it.each(['full', 'summary'] as const)(
    'goes from tests of skills when the time of their runs is over (%s)',
    async (mode) => {
      const { id, scope } = await newTenant()
      const old = { startedAt: new Date('2029-01-01T00:00:00Z'), completedAt: new Date('2029-01-01T00:01:00Z') }
      const run = {
        tenantId: id,
        name: 's',
        version: '1.0.0',
        contentHash: 'h',
        status: 'failed',
        model: 'm',
        mocked: true,
      }
      const counted = {
        testCount: 1,
        passCount: 0,
        failCount: 1,
        costMicroUsd: 1n,
        durationMs: 1,
        runBy: 'x',
        startedAt: AT,
      }
      for (const [runId, time] of [
        ['old', old],
        ['new', { startedAt: AT }],
      ] as const) {
        const trace_id = await putTrace(id, { kind: 'skill_test', correlationId: runId, ...time })
        const said = { actual: { output: SECRET }, diff: [SECRET], error: SECRET, output: SECRET }
        const results = [{ test_name: 'one', passed: false, trace_id, ...said }]
        await systemWrite(({ client }) =>
          client.skillTestRun.create({ data: { ...run, ...counted, id: runId, results } }),
        )
      }
      await setPolicy(scope, { retention_days: mode === 'full' ? 30 : 3_000, storage_mode: mode })
      await enforce(scope, {}, true)
      const rows = await systemDb().skillTestRun.findMany({ where: { tenantId: id }, orderBy: { id: 'desc' } })
      expect(rows[0]?.results).toEqual([
        { test_name: 'one', passed: false, trace_id: expect.any(String), withheld: true },
      ])
      expect(JSON.stringify(rows[1]?.results).includes(SECRET)).toBe(mode === 'full')
    },
  )

  it.each(['full', 'summary'] as const)(
    'loses its words when their time is over (%s), and keeps the scores',
    async (mode) => {
      const { id, scope } = await newTenant()
      const old = { startedAt: new Date('2029-01-01T00:00:00Z'), completedAt: new Date('2029-01-01T00:01:00Z') }
      await evaluated(id, await putTrace(id, { startedAt: AT }), await putTrace(id, old))
      await setPolicy(scope, { retention_days: mode === 'full' ? 30 : 3_000, storage_mode: mode })
      await enforce(scope, {}, true)
      expect(await left(id)).toMatchObject({
        ...KEPT_OF_OTHERS,
        cases: ['hers', 'own'],
        results: [['hers', { input: SECRET }, null, 1], OWN],
        items: 1,
      })
    },
  )
})
