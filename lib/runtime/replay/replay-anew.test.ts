import { beforeEach, expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { lastTrace } from '@/lib/core/testing/demo-runs'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import type { MockStep } from '@/lib/core/testing/mock-provider/script-step'
import { replayer } from '@/lib/core/testing/replayer'
import { replayTrace } from './replay-trace'

type Json = Record<string, unknown>

const call = (id: string, name: string, args: Json) => ({ id, name, arguments: args })
const LOOKUP = call('c1', 'order_lookup', { order_id: '1001' })
const OTHER = call('c2', 'order_lookup', { order_id: '1042' })
const POST = call('c3', 'message_post', { content: 'posted by a replay' })
const TASK = call('c4', 'task_create', { title: 'made by a replay' })
const DOCUMENT = call('c5', 'document_post', { title: 'by a replay', content: 'by a replay' })
const LIST = call('c6', 'task_list', {})

describeEachDialect('a replay that asks the model', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect, {
    env: { CLASPER_RETRY_ATTEMPTS: '1', LLM_MODEL_FALLBACK: '' },
  })
  beforeEach(() => house.provider.reset())
  const { replay } = replayer()

  // Every row of every table of the backend.
  const backend = () => {
    const { store } = house.backend
    const tables = store.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return JSON.stringify(tables.map(({ name }) => [name, store.all(`SELECT * FROM "${String(name)}"`)]))
  }
  const play = async (tenant: AgentTenant) => {
    house.provider.script({ toolCalls: [LOOKUP] }, { text: 'It has arrived.' })
    await tenant.json('send', tenant.say('Where is 1001?'))
    house.provider.reset()
    return lastTrace(tenant)
  }
  const stepsOf = async (tenant: AgentTenant, id: unknown) =>
    (
      await systemDb().traceStep.findMany({
        where: { tenantId: tenant.id, traceId: String(id), type: 'tool_result' },
        orderBy: { seq: 'asc' },
      })
    ).map(({ data }) => JSON.parse(data) as Json)
  const jobs = () => systemDb().job.count()

  it('semantic: results of the record where it has them, a note where not; nobody else hears of it', async () => {
    const tenant = house.tenant()
    const id = await play(tenant)
    const [before, waiting, [recorded]] = [backend(), await jobs(), await stepsOf(tenant, id)]
    house.provider.script({ toolCalls: [LOOKUP, OTHER, POST, TASK] }, { text: 'It will arrive.' })
    const { status, body } = await replay(tenant, id, { mode: 'semantic', temperature: 1.5 })
    expect({ status, ...body }).toMatchObject({
      status: 'completed',
      mode: 'semantic',
      replay_config: { model: 'gpt-4o-mini', provider: 'openai', temperature: 1.5 },
      first_divergence: { step: 1, kind: 'tool_calls' },
    })
    const results = await stepsOf(tenant, body['trace_id'])
    expect(results.map(({ answered_by: by }) => by)).toEqual(['recording', 'simulation', 'simulation', 'simulation'])
    expect(results[0]?.['result']).toBe(recorded?.['result'])
    expect(String(results[2]?.['result'])).toContain('message_post was not called')
    const [, second] = house.provider.requests()
    expect(JSON.stringify(second?.body)).toContain('was not called')
    expect(JSON.stringify(second?.body)).toContain('Ada Okafor')
    expect([backend(), await jobs()]).toEqual([before, waiting])

    const row = await systemDb().trace.findFirstOrThrow({
      where: { tenantId: tenant.id, id: String(body['trace_id']) },
    })
    expect(row).toMatchObject({ status: 'success', origin: 'replay', delivery: 'none', taskId: null, messageId: null })
    const lines = (await tenant.ledger()).filter(({ traceId }) => traceId === row.id)
    expect(lines.map(({ state, kind }) => [state, kind])).toEqual([
      ['settled', 'replay'],
      ['settled', 'replay'],
    ])
    expect(lines.reduce((sum, line) => sum + line.costMicroUsd, 0n)).toBe(row.costMicroUsd)
    expect(row.costMicroUsd).toBeGreaterThan(0n)
    const replayed = await systemDb().auditEntry.findMany({
      where: { tenantId: tenant.id, traceId: row.id },
      orderBy: { seq: 'asc' },
    })
    expect(replayed.map(({ eventType }) => eventType)).toEqual([
      'trace_replayed',
      'agent_execution_started',
      'agent_execution_completed',
    ])
  })

  it('live: what only reads is really called, what writes is not, and the backend is as it was', async () => {
    const tenant = house.tenant()
    const id = await play(tenant)
    const before = backend()
    house.provider.script({ toolCalls: [LOOKUP, OTHER, LIST, POST, TASK, DOCUMENT] }, { text: 'So.' })
    const { body } = await replay(tenant, id, { mode: 'live' })
    expect(body).toMatchObject({ status: 'completed', mode: 'live' })
    const results = await stepsOf(tenant, body['trace_id'])
    expect(results.map(({ tool_name: tool, answered_by: by }) => [tool, by])).toEqual([
      ['order_lookup', undefined],
      ['order_lookup', undefined],
      ['task_list', undefined],
      ['message_post', 'simulation'],
      ['task_create', 'simulation'],
      ['document_post', 'simulation'],
    ])
    expect(String(results[1]?.['result'])).toContain('1042')
    expect(String(results[2]?.['result'])).toContain('Support')
    expect(backend()).toBe(before)
    const audits = await systemDb().auditEntry.findMany({
      where: { tenantId: tenant.id, traceId: String(body['trace_id']), eventType: 'tool_call_requested' },
    })
    expect(audits).toHaveLength(6)
  })

  it('says where the model first decides or speaks otherwise', async () => {
    const tenant = house.tenant()
    const id = await play(tenant)
    const found = async (...script: readonly MockStep[]) => {
      house.provider.reset()
      house.provider.script(...script)
      return (await replay(tenant, id, { mode: 'semantic' })).body['first_divergence']
    }
    const same = { text: 'It has arrived.' }
    expect(await found({ toolCalls: [LOOKUP] }, same)).toBeUndefined()
    expect(await found({ toolCalls: [LOOKUP] }, { text: 'No.' })).toMatchObject({ step: 4, kind: 'answer' })
    expect(await found({ toolCalls: [OTHER] }, same)).toMatchObject({ step: 1, kind: 'tool_arguments' })
    expect(await found({ toolCalls: [LIST] }, same)).toMatchObject({ step: 1, kind: 'tool_calls' })
    expect(await found({ toolCalls: [LOOKUP] }, { toolCalls: [LOOKUP] }, same)).toMatchObject({ kind: 'tool_calls' })
  })

  it('asks another model, whose failure is told and charged to nobody', async () => {
    const tenant = house.tenant()
    const id = await play(tenant)
    const { body } = await replay(tenant, id, { mode: 'semantic', model: 'gpt-4o' })
    expect(house.provider.requests()[0]?.body).toMatchObject({ model: 'gpt-4o' })
    expect(body).toMatchObject({
      status: 'completed',
      replay_config: { model: 'gpt-4o' },
      diff: { model: { changed: true } },
    })
    house.provider.answer(() => ({ status: 400, body: '{"error":{"message":"CANARY"}}' }))
    const { status, body: failed } = await replay(tenant, id, { mode: 'semantic' })
    expect({ http: status, ...failed }).toMatchObject({ http: 200, status: 'failed' })
    expect(String(failed['message'])).toContain('CANARY')
    const row = await systemDb().trace.findFirstOrThrow({
      where: { tenantId: tenant.id, id: String(failed['trace_id']) },
    })
    expect(row).toMatchObject({ status: 'error', errorCode: 'provider_error', costMicroUsd: 0n })
    const shown = await replayTrace(scopeOf(identityOf(tenant.id, 'operator')), id, { mode: 'semantic' })
    expect(shown.status).toBe('failed')
    expect(JSON.stringify(shown)).not.toContain('CANARY')
  })

  it('is refused without money, and leaves no trace', async () => {
    const tenant = house.tenant()
    const id = await play(tenant)
    const now = kernel().clock.now()
    const budget = { id: 'tenant', limitMicroUsd: 1n, isHard: true, createdAt: now, updatedAt: now }
    await systemWrite(({ client }) => client.budget.create({ data: { ...budget, tenantId: tenant.id } }))
    const { status } = await replay(tenant, id, { mode: 'semantic' })
    expect(status).toBe(402)
    expect(await lastTrace(tenant)).toBe(id)
    expect((await replay(tenant, id)).body).toMatchObject({ status: 'completed' })
  })

  it('ends when its caller leaves', async () => {
    const tenant = house.tenant()
    const id = await play(tenant)
    house.provider.answer(() => ({ text: 'late', delayMs: 20_000 }))
    const leaving = new AbortController()
    const reply = replay(tenant, id, { mode: 'semantic' }, leaving.signal)
    const deadline = kernel().clock.now().getTime() + 10_000
    while (house.provider.requests().length === 0 && kernel().clock.now().getTime() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 10))
    leaving.abort()
    expect((await reply).status).toBe(499)
    const row = await systemDb().trace.findFirstOrThrow({ where: { tenantId: tenant.id, replayOf: id } })
    expect(row).toMatchObject({ status: 'cancelled', stopReason: 'cancelled' })
    expect((await tenant.ledger()).filter(({ state }) => state === 'reserved')).toEqual([])
  })
})
