import { afterEach, beforeEach } from 'vitest'
import { uuidv7 } from '@/lib/shared/id'
import { fixedClock, systemClock } from '../clock'
import type { Dialect } from '../migrate/schema-source'
import { systemDb } from '../system-db'
import { type agentScope, newAgent } from './adapter-house'
import { newTenant, type TestTenant, useKernel } from './kernel'

/** A tenant with a registered agent for each test, and what such an agent sends. */
export const useTelemetryHouse = (dialect: Dialect) => {
  const clock = fixedClock(systemClock.now())
  useKernel(dialect, { clock })
  const state = {} as { tenant: TestTenant; agent: ReturnType<typeof agentScope>; trace: string }
  beforeEach(async () => {
    state.tenant = await newTenant()
    state.agent = await newAgent(state.tenant)
    state.trace = uuidv7(clock.now().getTime())
  })
  afterEach(() => clock.set(systemClock.now()))

  const now = () => clock.now().toISOString()
  const place = () => ({ tenant_id: state.tenant.id, workspace_id: 'default' })
  const ids = (over: object = {}) => ({ execution_id: 'run', trace_id: state.trace, adapter_id: 'coder', ...over })
  const step = (type: string, data: object) => ({ type, timestamp: now(), duration_ms: 5, data })
  const trace = (over: object = {}) => ({
    trace: {
      started_at: now(),
      duration_ms: 120,
      model: 'gpt-4o',
      provider: 'openai',
      input: { message: 'Mail me at ann@example.com' },
      output: { message: 'Done' },
      steps: [step('llm_call', { model: 'gpt-4o', provider: 'openai', input_tokens: 10, output_tokens: 5 })],
      ...over,
    },
  })
  const plain = (payload: object, over: object = {}) => ({ ...place(), ...ids(), ...payload, ...over })
  const cost = (usd: number, over: object = {}) => plain({ cost_usd: usd, recorded_at: now() }, over)
  const events = async () => (await state.tenant.audits()).map(({ eventType }) => eventType)
  const ledger = async () =>
    Number(
      (await systemDb().ledgerEntry.findMany({ where: { tenantId: state.tenant.id } })).reduce(
        (sum, row) => sum + row.costMicroUsd,
        0n,
      ),
    )
  const stored = () => systemDb().trace.findFirst({ where: { tenantId: state.tenant.id, id: state.trace } })
  return { clock, state, now, place, ids, step, trace, plain, cost, events, ledger, stored }
}
