import { beforeEach, expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { demoRuns } from '@/lib/core/testing/demo-runs'
import { replayer } from '@/lib/core/testing/replayer'

type Json = Record<string, unknown>

const contentOf = async (tenant: AgentTenant, traceId: unknown) => {
  const where = { tenantId: tenant.id, traceId: String(traceId) }
  const { inputs, outcome } = await systemDb().traceContent.findFirstOrThrow({ where })
  const steps = await systemDb().traceStep.findMany({ where, orderBy: { seq: 'asc' } })
  return { inputs, outcome, steps: steps.map(({ type, data, durationMs }) => ({ type, data, durationMs })) }
}

describeEachDialect('a strict replay', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect, { env: { CLASPER_RETRY_DELAY_MS: '1' } })
  beforeEach(() => house.provider.reset())
  const { replay } = replayer()

  for (const [name, play] of Object.entries(demoRuns)) {
    it(`is the same to the byte: ${name}`, async () => {
      const tenant = house.tenant()
      const id = await play(house, tenant)
      const asked = house.provider.requests().length
      const { status, body } = await replay(tenant, id)
      expect({ status, ...body }).toMatchObject({ status: 'completed', mode: 'strict', original_trace_id: id })
      expect(house.provider.requests()).toHaveLength(asked)
      expect(await contentOf(tenant, body['trace_id'])).toEqual(await contentOf(tenant, id))
      expect((body['diff'] as Json)['first_divergence']).toBeNull()
      const row = await systemDb().trace.findFirstOrThrow({
        where: { tenantId: tenant.id, id: String(body['trace_id']) },
      })
      const first = await systemDb().trace.findFirstOrThrow({ where: { tenantId: tenant.id, id } })
      expect(row).toMatchObject({ origin: 'replay', kind: 'replay', replayOf: id, costMicroUsd: 0n })
      expect(row).toMatchObject({ status: first.status, errorCode: first.errorCode, stopReason: first.stopReason })
      const ledger = await tenant.ledger()
      expect(ledger.filter(({ traceId }) => traceId === row.id)).toEqual([])
      const again = await replay(tenant, String(body['trace_id']))
      expect(again.body).toMatchObject({ status: 'completed' })
      expect(await contentOf(tenant, again.body['trace_id'])).toEqual(await contentOf(tenant, id))
    })
  }
})
