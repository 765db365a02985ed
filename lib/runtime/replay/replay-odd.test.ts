import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { lastTrace } from '@/lib/core/testing/demo-runs'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { replayer } from '@/lib/core/testing/replayer'
import { send } from '../send'

type Json = Record<string, unknown>

const LOOKUP = { toolCalls: [{ id: 'c1', name: 'order_lookup', arguments: { order_id: '1001' } }] }
const HEARTBEAT = { metadata: { type: 'mc.heartbeat' } }

const contentOf = async (tenant: AgentTenant, traceId: unknown) => {
  const where = { tenantId: tenant.id, traceId: String(traceId) }
  const { inputs, outcome } = await systemDb().traceContent.findFirstOrThrow({ where })
  const steps = await systemDb().traceStep.findMany({ where, orderBy: { seq: 'asc' } })
  return { inputs, outcome, steps: steps.map(({ type, data }) => ({ type, data })) }
}

const { replay } = replayer()

const isSame = async (tenant: AgentTenant, id: string) => {
  const { body } = await replay(tenant, id)
  expect(body).toMatchObject({ status: 'completed' })
  expect(await contentOf(tenant, body['trace_id'])).toEqual(await contentOf(tenant, id))
  const [then, now] = await Promise.all(
    [id, String(body['trace_id'])].map((one) =>
      systemDb().trace.findFirstOrThrow({ where: { tenantId: tenant.id, id: one } }),
    ),
  )
  expect(now).toMatchObject({ status: then?.status, errorCode: then?.errorCode, stopReason: then?.stopReason })
  return then
}

const vector = (text: string) => [text.length % 7, text.length % 5, 1]

describeEachDialect('a strict replay where skills and memory are chosen', (dialect) => {
  let server: Server
  let asked = 0
  const env: Record<string, string> = {
    CLASPER_SMART_CONTEXT: 'true',
    CLASPER_EMBEDDING_PROVIDER: 'openai',
    LLM_MODEL_DEFAULT: 'anthropic/claude-3-5-haiku-20241022',
    LLM_MODEL_FALLBACK: '',
  }
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      asked++
      const { input } = JSON.parse(Buffer.concat(chunks).toString()) as { input: string[] }
      const data = input.map((text, index) => ({ index, embedding: vector(text) }))
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ data, usage: { prompt_tokens: 400 } }))
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    env['LLM_BASE_URL_OPENAI'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  const house: AgentHouse = useAgentHouse(dialect, { env })
  afterAll(() => void server.close())

  it('takes the same ones, and asks for no embedding', async () => {
    const tenant = house.tenant()
    const { body } = await tenant.json('send', tenant.say('Where is my order?'))
    const before = asked
    await isSame(tenant, String(body['trace_id']))
    expect((await replay(tenant, String(body['trace_id']), { mode: 'semantic' })).body).toMatchObject({
      status: 'completed',
    })
    expect(asked).toBe(before)
    const ledger = await tenant.ledger()
    expect(ledger.filter(({ model }) => model === 'text-embedding-3-small')).toHaveLength(1)
    const { prompt_notes: notes } = JSON.parse((await contentOf(tenant, body['trace_id'])).inputs) as Json
    expect(notes).toMatchObject({
      smart: { skills: expect.any(Array), embedding: { input_tokens: expect.any(Number) } },
    })
  })
})

describeEachDialect('a strict replay of a run that went wrong', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect, {
    env: {
      CLASPER_MAX_STEPS: '2',
      CLASPER_MODEL_HEADER_MS: '20000',
      CLASPER_MODEL_IDLE_MS: '20000',
      CLASPER_RUN_TIMEOUT_MS: '3000',
      CLASPER_RETRY_ATTEMPTS: '1',
      LLM_MODEL_FALLBACK: '',
    },
  })
  beforeEach(() => house.provider.reset())

  it('that used up its steps: the last question offers no tools, and says so', async () => {
    const tenant = house.tenant()
    house.provider.script(LOOKUP, { text: 'As far as I know.' })
    await tenant.json('send', tenant.say('Look'))
    expect(await isSame(tenant, await lastTrace(tenant))).toMatchObject({ stopReason: 'step_limit' })
  })

  it('that took too long', async () => {
    const tenant = house.tenant()
    house.provider.answer(() => ({ text: 'x', delayMs: 9_000 }))
    await tenant.json('send', tenant.say('Slow'))
    expect(await isSame(tenant, await lastTrace(tenant))).toMatchObject({ status: 'timeout' })
  })

  it('whose caller left', async () => {
    const tenant = house.tenant()
    const leaving = new AbortController()
    house.provider.answer(() => ({ text: 'x', delayMs: 9_000 }))
    const call = tenant.call('send', tenant.say('Gone'), {}, leaving.signal)
    const deadline = kernel().clock.now().getTime() + 2_500
    while (house.provider.requests().length === 0 && kernel().clock.now().getTime() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 5))
    leaving.abort()
    await call
    expect(await isSame(tenant, await lastTrace(tenant))).toMatchObject({ status: 'cancelled' })
  })

  it('whose money was gone after the first step', async () => {
    const probe = house.tenant()
    await probe.json('send', probe.say('Look'))
    const reserved = (await probe.ledger())[0]?.reservedMicroUsd ?? 0n
    const tenant = house.tenant()
    const now = kernel().clock.now()
    const budget = { id: 'tenant', limitMicroUsd: reserved + 1n, isHard: true, createdAt: now, updatedAt: now }
    await systemWrite(({ client }) => client.budget.create({ data: { ...budget, tenantId: tenant.id } }))
    house.provider.script({ text: 'Let me look.', ...LOOKUP, usage: { input: 2_000, output: 2_000 } })
    await tenant.json('send', tenant.say('Look'))
    expect(await isSame(tenant, await lastTrace(tenant))).toMatchObject({ stopReason: 'budget' })
  })

  it('that asked nobody: a heartbeat with nothing to look at', async () => {
    const path = join(house.workspace, 'HEARTBEAT.md')
    const before = readFileSync(path, 'utf8')
    writeFileSync(path, '# Nothing\n')
    const tenant = house.tenant()
    await tenant.json('send', tenant.say('Anything?', HEARTBEAT))
    writeFileSync(path, before)
    const id = await lastTrace(tenant)
    await isSame(tenant, id)
    const { body } = await replay(tenant, id, { workspace_version: 'current' })
    expect(body).toMatchObject({ status: 'diverged', first_divergence: { step: 1, kind: 'steps' } })
    expect((await replay(tenant, id, { mode: 'semantic' })).body).toMatchObject({ status: 'completed' })
    expect(await tenant.ledger()).toEqual([])
  })

  it('that was taken for dead', async () => {
    const tenant = house.tenant()
    house.provider.script(LOOKUP, { text: 'Never heard.' })
    await tenant.json('send', tenant.say('Look'))
    const id = await lastTrace(tenant)
    const where = { tenantId: tenant.id }
    await systemWrite(async ({ client }) => {
      await client.traceStep.deleteMany({ where: { ...where, traceId: id, seq: 4 } })
      await client.trace.updateMany({ where: { ...where, id }, data: { status: 'error', errorCode: 'interrupted' } })
    })
    expect((await replay(tenant, id)).body).toMatchObject({ status: 'completed' })
  })

  it('whose token narrowed it: the narrowing is part of what it was given', async () => {
    const tenant = house.tenant()
    const narrow = scopeOf(
      identityOf(tenant.id, 'admin', { plane: 'service', userId: null, allowedTools: ['task_list'] }),
    )
    const { task_title: _title, ...said } = tenant.say('Narrow') as Json
    house.provider.script({ text: 'Fine.' })
    await send(narrow, { ...said, task_title: 'Narrow' } as Parameters<typeof send>[1])
    const id = await lastTrace(tenant)
    expect(JSON.parse((await contentOf(tenant, id)).inputs)).toMatchObject({ claims: { tools: ['task_list'] } })
    await isSame(tenant, id)
  })
})
