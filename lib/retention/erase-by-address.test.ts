import { expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { newTraceHex, spanDraft } from '@/lib/core/testing/sample-span'
import { putTrace } from '@/lib/core/testing/sample-trace'
import { wholeDatabase } from '@/lib/core/testing/whole-database'
import { ingestSpans, listTracesForOps } from '@/lib/tracing'
import { OpsTraceQuery } from '@/lib/tracing/contract'
import { eraseUser } from './index'

const [ANN, BOB] = ['ann.erased@example.com', 'bob.kept@example.com']
const WHY = { reason_code: 'data_subject_request', justification: 'Ann asked for it by letter' } as const

describeEachDialect('a person who is known by an address', (dialect) => {
  useKernel(dialect, { clock: fixedClock(new Date('2030-01-01T00:00:00Z')) })

  it('is found and erased, and nobody else, though no address is stored', async () => {
    const { id, scope } = await newTenant()
    for (const userId of [ANN, BOB])
      await ingestSpans(scope, [spanDraft(newTraceHex(), 1, { grouping: { userId } })], { source: '/v1/traces' })
    const stored = await wholeDatabase(kernel().db.url)
    for (const address of [ANN, BOB]) expect(stored.includes(address)).toBe(false)
    await putTrace(id, { userId: ANN })
    const found = async (user: string) =>
      (await listTracesForOps(scope, OpsTraceQuery.parse({ user_id: user }))).traces.length
    expect([await found(ANN), await found(BOB)]).toEqual([2, 1])
    expect((await eraseUser(scope, { user_id: ANN, ...WHY })).erased).toMatchObject({ traces_deleted: 2 })
    expect([await found(ANN), await found(BOB)]).toEqual([0, 1])
  })
})
