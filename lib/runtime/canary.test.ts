import { beforeEach, expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { systemDb } from '@/lib/core/system-db'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { agentSpans, newTraceHex, said } from '@/lib/core/testing/sample-span'
import { wholeDatabase } from '@/lib/core/testing/whole-database'
import { putRedactionRule } from '@/lib/governance'
import { annotateTrace, ingestSpanEvents, ingestSpans, labelTrace } from '@/lib/tracing'

const HOUSE = ['canary.box@example.com', '4111 1111 1111 1111', 'sk-canarycanarycanary0123456789', '123-45-6789']
const OWN = ['STF-90817', 'Falcon-Peregrine']
const [MAIL, , , SSN] = HOUSE as [string, string, string, string]

const STRATEGIES = {
  email: 'token',
  credit_card: 'summarize',
  ssn: 'drop',
  api_key: 'hash',
} as const

const setRules = async (tenant: AgentTenant): Promise<void> => {
  const scope = scopeOf(identityOf(tenant.id))
  for (const [name, strategy] of Object.entries(STRATEGIES))
    await putRedactionRule(scope, { name, strategy, is_enabled: true })
  await putRedactionRule(scope, { name: 'staff_no', pattern: '\\bSTF-\\d{5}\\b', strategy: 'token', is_enabled: true })
  await putRedactionRule(scope, { name: 'project', pattern: 'Falcon-\\w+', strategy: 'mask', is_enabled: true })
}

const hook = { url: 'https://127.0.0.1:9/hook', secret: 'hook-secret-of-the-canary' }

// Every way in which somebody's words come into the house.
const runEverything = async (house: AgentHouse, tenant: AgentTenant, words: readonly string[]): Promise<void> => {
  const all = words.join(' and ')
  const wish = (message: string) =>
    tenant.say(message, {
      messages: [
        { role: 'user', content: `before: ${all}` },
        { role: 'assistant', content: `indeed: ${all}` },
      ],
      metadata: { note: all, deep: { list: [all] }, [words[0] ?? 'x']: 1 },
      task_metadata: { about: all },
      task_description: all,
      webhook: hook,
    })
  house.provider.script(
    { toolCalls: [{ id: 'c1', name: 'order_lookup', arguments: { order_id: all, why: [all] } }] },
    { text: `the answer is ${all}` },
  )
  expect((await tenant.json('send', wish(`first ${all}`))).status).toBe(200)
  house.provider.script({ text: `streamed ${all}` })
  await (await tenant.call('stream', wish(`second ${all}`))).text()
  house.provider.answer(() => ({ status: 400, body: JSON.stringify({ error: { message: `no: ${all}` } }) }))
  expect((await tenant.json('send', wish(`third ${all}`))).status).toBe(502)
  await tenant.json('llmTask', { prompt: `fourth ${all}`, input: { x: all } })
  house.provider.reset()
}

const tellEverything = async (tenant: AgentTenant, words: readonly string[]): Promise<void> => {
  const all = words.join(' and ')
  const scope = scopeOf(identityOf(tenant.id, 'admin', { plane: 'service', userId: null }))
  const hex = newTraceHex()
  const spans = agentSpans(hex).map((span) => ({
    ...span,
    name: `${span.name} ${all}`,
    attributes: { note: all, json: JSON.stringify({ deep: all }), long: `${all} ${'x '.repeat(900)}` },
    content: { ...span.content, input: [said('user', `say ${all} ${'very '.repeat(200)}`)], system: all },
    tool: { ...span.tool, arguments: { q: all }, result: all },
    events: [{ name: all, timeNs: span.startNs, attributes: { all } }],
    status: { ...span.status, message: all },
  }))
  await ingestSpans(scope, spans, { source: 'test' })
  const [first] = spans
  if (first === undefined) throw new Error('no span')
  const { traceId, spanId, startNs } = first
  const event = { traceId, spanId, name: all, timeNs: startNs, attributes: { all }, body: all, content: null }
  await ingestSpanEvents(scope, [event], { source: 'test' })
  const { id } = await systemDb().trace.findFirstOrThrow({ where: { tenantId: tenant.id } })
  await annotateTrace(scope, id, { key: 'note', value: all, created_by: all })
  await labelTrace(scope, id, { about: all.slice(0, 200) })
}

const lines: string[] = []

describeEachDialect('a canary', (dialect) => {
  const env = { LLM_MODEL_FALLBACK: '', CLASPER_RETRY_ATTEMPTS: '1', CLASPER_WEBHOOK_ALLOW_PRIVATE: 'true' }
  const house = useAgentHouse(dialect, { env, onLog: (line) => void lines.push(line) })
  beforeEach(() => house.provider.reset())

  const expectNone = async (words: readonly string[]): Promise<void> => {
    const stored = await wholeDatabase(kernel().db.url)
    for (const word of words) {
      const at = stored.indexOf(word)
      expect(at < 0 ? '' : stored.slice(Math.max(0, at - 300), at + 60)).toBe('')
    }
  }

  it('is stored nowhere, with the rules of the house', async () => {
    const tenant = house.tenant()
    await runEverything(house, tenant, HOUSE)
    await tellEverything(tenant, HOUSE)
    await expectNone(HOUSE)
    const traces = await systemDb().trace.findMany({ where: { tenantId: tenant.id, origin: 'run' } })
    expect(traces.length).toBeGreaterThanOrEqual(4)
    expect(lines.length).toBeGreaterThan(0)
    for (const word of HOUSE) expect(lines.filter((line) => line.includes(word))).toEqual([])
  })

  it('is stored nowhere, with a tenant’s own rules and strategies', async () => {
    const tenant = house.tenant()
    await setRules(tenant)
    const words = [...HOUSE, ...OWN]
    await runEverything(house, tenant, words)
    await tellEverything(tenant, words)
    await expectNone(words)
    const stored = await wholeDatabase(kernel().db.url)
    expect(stored).toMatch(/\[TOKEN:[0-9a-f]{32}\]/)
    expect(stored).toMatch(/\[HASH:[0-9a-f]{8}\]/)
    const kinds = await systemDb().redactionToken.findMany({ where: { tenantId: tenant.id } })
    expect(kinds.map(({ kind }) => kind).sort()).toEqual(['email', 'staff_no'])
  })

  it('raises the risk of the run that met it, and the record says by what', async () => {
    const tenant = house.tenant()
    const riskOf = async (message: string, answer: string) => {
      house.provider.script({ text: answer })
      const { body } = await tenant.json('send', tenant.say(message))
      const { id, riskScore, riskLevel } = await systemDb().trace.findFirstOrThrow({
        where: { tenantId: tenant.id, id: String(body['trace_id']) },
      })
      return { id, score: riskScore ?? 0, level: riskLevel }
    }
    const plain = await riskOf('hello', 'hello')
    const asked = await riskOf(`write to ${MAIL}`, 'done')
    const answered = await riskOf('what is my number', `it is ${SSN}`)
    expect(asked.score).toBe(plain.score + 20)
    expect(answered.score).toBe(plain.score + 20)
  })
})
