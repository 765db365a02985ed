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
  const result = { tenantId, runId: 'e', attempt: 1, position: 1, status: 'passed', scores: {}, costMicroUsd: 1n }
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
    await client.annotationItem.create({
      data: { tenantId, id: 'q', queue: 'q', traceId: fromTrace, status: 'open', createdBy: 'x', createdAt: AT },
    })
  })
}

const left = async (tenantId: string) => {
  const where = { tenantId }
  const cases = await systemDb().datasetCase.findMany({ where, orderBy: { caseId: 'asc' } })
  const results = await systemDb().evalResult.findMany({ where, orderBy: { caseId: 'asc' } })
  return {
    cases: cases.map(({ caseId }) => caseId),
    results: results.map(({ caseId, caseBody, output, score }) => [caseId, caseBody, output, score]),
    items: await systemDb().annotationItem.count({ where }),
  }
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
    expect(await left(one.id)).toEqual({
      cases: ['own'],
      results: [['hers', { input: '[ERASED]' }, null, 1], OWN],
      items: 0,
    })
    expect(await left(other.id)).toMatchObject({ cases: ['hers', 'own'], items: 1 })
    expect(JSON.stringify(await left(other.id))).toContain(SECRET)
  })

  it.each(['full', 'summary'] as const)(
    'loses its words when their time is over (%s), and keeps the scores',
    async (mode) => {
      const { id, scope } = await newTenant()
      const old = { startedAt: new Date('2029-01-01T00:00:00Z'), completedAt: new Date('2029-01-01T00:01:00Z') }
      await evaluated(id, await putTrace(id, { startedAt: AT }), await putTrace(id, old))
      await setPolicy(scope, { retention_days: mode === 'full' ? 30 : 3_000, storage_mode: mode })
      await enforce(scope, {}, true)
      expect(await left(id)).toEqual({
        cases: ['hers', 'own'],
        results: [['hers', { input: SECRET }, null, 1], OWN],
        items: 1,
      })
    },
  )
})
