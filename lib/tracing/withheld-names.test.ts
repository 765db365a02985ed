import { expect, it } from 'vitest'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { newTraceHex, spanDraft } from '@/lib/core/testing/sample-span'
import { putTrace } from '@/lib/core/testing/sample-trace'
import { ExportQuery, OpsTraceQuery } from './contract'
import { exportTraces, getTraceDetail, ingestSpans, listTracesForOps } from './index'
import { traceIdOf } from './span-record'

const SENTENCE = 'Tell me how OTTER can be treated after the second operation'

const seenBy = async (scope: Parameters<typeof getTraceDetail>[0], id: string): Promise<string> => {
  const list = await listTracesForOps(scope, OpsTraceQuery.parse({}))
  const file = await exportTraces(scope, ExportQuery.parse({}))
  return JSON.stringify([list, await getTraceDetail(scope, id), await file.text()])
}

describeEachDialect('below reveal', (dialect) => {
  useKernel(dialect)

  const filled = async () => {
    const tenant = await newTenant()
    const hex = newTraceHex()
    const root = spanDraft(hex, 1, {
      name: SENTENCE,
      kind: 'inference',
      status: { code: 'error', errorType: 'interrupted', message: SENTENCE, finishReasons: [SENTENCE] },
    })
    await ingestSpans(tenant.scope, [root], { source: '/v1/traces' })
    return { tenant, id: traceIdOf(hex) }
  }

  it('a trace is not called by a sentence, and others choose no code that opens their errors', async () => {
    const { tenant, id } = await filled()
    expect(await seenBy(tenant.as('viewer'), id)).not.toContain('OTTER')
    const all = await seenBy(tenant.as('admin'), id)
    expect(all.split(SENTENCE).length).toBeGreaterThan(4)
  })

  it('a name that reads as one is shown, and so is what we say of a run that was cut off', async () => {
    const tenant = await newTenant()
    const error = 'The server went away while it ran.'
    const id = await putTrace(tenant.id, { name: 'invoke_agent helper', errorCode: 'interrupted', error })
    const { trace } = await getTraceDetail(tenant.as('viewer'), id)
    expect(trace).toMatchObject({ name: 'invoke_agent helper', error })
  })
})
