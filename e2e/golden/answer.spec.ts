import { randomUUID } from 'node:crypto'
import type { APIRequestContext } from 'playwright/test'
import { readEvents } from '../../lib/shared/event-stream'
import type { Site } from '../fixtures/stacks'
import { expect, test } from '../fixtures/test'

type Json = Record<string, unknown>

// What the demo model does is written into the message, so that the journey asks for exactly these tools.
const scripted = (followUp: string, answer: string): string => {
  const toolCalls = [
    { id: 'look', name: 'order_lookup', arguments: { order_id: '1042' } },
    { id: 'note', name: 'task_create', arguments: { title: followUp } },
  ]
  return `Where is order 1042?\ndemo: ${JSON.stringify([{ toolCalls }, { text: answer }])}`
}

const wordsFor = (site: Site) => {
  const mark = `${site.project} ${randomUUID()}`
  const [task, followUp, answer] = [`Order of ${mark}`, `Call back ${mark}`, `It arrived on Tuesday, ${mark}.`]
  const user = `golden-${site.project}`
  const body = { user_id: user, session_key: `user:${user}:agent`, task_title: task }
  return { task, followUp, answer, body: { ...body, message: scripted(followUp, answer) } }
}

const json = async (api: APIRequestContext, url: string): Promise<Json> => {
  const reply = await api.get(url)
  expect(reply.status(), url).toBe(200)
  return (await reply.json()) as Json
}

const pageOfBackend = async (api: APIRequestContext, site: Site): Promise<string> => {
  const reply = await api.get(`${site.backendUrl}/`)
  expect(reply.status()).toBe(200)
  return reply.text()
}

const times = (text: string, part: string): number => text.split(part).length - 1

const everywhere = (site: Site): string[] => [site.url, ...site.instances]

const spentIn = async (api: APIRequestContext, url: string): Promise<number> =>
  Number((await json(api, `${url}/usage`))['total_cost_micro_usd'])

const eventsOf = async (api: APIRequestContext, url: string, trace: string): Promise<string[]> => {
  const { entries } = (await json(api, `${url}/audit?trace_id=${trace}`)) as { entries: { event_type: string }[] }
  return entries.map(({ event_type }) => event_type).sort()
}

const TOOL_EVENTS = ['tool_call_requested', 'tool_call_requested', 'tool_call_succeeded', 'tool_call_succeeded']
const EVENTS = ['agent_execution_completed', 'agent_execution_started', ...TOOL_EVENTS]

// Whoever is asked, and wherever the run happened: one trace, one ledger, one audit trail.
const recorded = async (api: APIRequestContext, site: Site, trace: string, answer: string, spentBefore: number) => {
  for (const url of everywhere(site)) {
    const { trace: found } = (await json(api, `${url}/traces/${trace}`)) as { trace: Json }
    expect(found).toMatchObject({
      id: trace,
      status: 'success',
      delivery: 'posted',
      provider: 'demo',
      output: { message: answer, tool_calls: [{ success: true }, { success: true }] },
    })
    expect(JSON.stringify(found['output'])).toContain('Ada Okafor')
    const { total_cost_micro_usd: cost } = found['cost'] as { total_cost_micro_usd: number }
    expect(cost).toBeGreaterThan(0)
    expect(await spentIn(api, url)).toBeGreaterThanOrEqual(spentBefore + cost)
    expect(await eventsOf(api, url, trace)).toEqual(EVENTS)
  }
}

test('a message becomes tool calls, a posted answer, a trace, a ledger entry and an audit trail', async ({
  api,
  site,
}) => {
  const { task, followUp, answer, body } = wordsFor(site)
  const before = await spentIn(api, site.url)
  const key = randomUUID()

  const first = await test.step('send', async () => {
    const reply = await api.post('/api/agents/send', { data: { ...body, idempotency_key: key } })
    expect(reply.status(), await reply.text()).toBe(200)
    const said = (await reply.json()) as Json
    expect(said).toMatchObject({ status: 'ok', response: answer, delivery: 'posted', stop_reason: 'completed' })
    expect(reply.headers()['x-trace-id']).toBe(said['trace_id'])
    return said
  })

  await test.step('the backend holds the task, what the tool made, and the answer, once', async () => {
    const page = await pageOfBackend(api, site)
    for (const part of [task, followUp, answer]) expect(times(page, part), part).toBe(1)
    expect(page).toContain(String(first['task_id']))
  })

  await test.step('the records are there on every instance', () =>
    recorded(api, site, String(first['trace_id']), answer, before))

  await test.step('the same key is the same answer, whoever is asked, and nothing happens twice', async () => {
    for (const url of everywhere(site)) {
      const again = await api.post(`${url}/api/agents/send`, { data: { ...body, idempotency_key: key } })
      expect(again.headers()['idempotent-replayed']).toBe('true')
      expect(await again.json()).toEqual(first)
    }
    expect(times(await pageOfBackend(api, site), answer)).toBe(1)
    expect(await eventsOf(api, site.url, String(first['trace_id']))).toEqual(EVENTS)
  })
})

test('a stream tells the same run while it happens, through every instance', async ({ api, site }) => {
  for (const url of everywhere(site)) {
    const { answer, body } = wordsFor(site)
    const before = await spentIn(api, url)
    const reply = await fetch(`${url}/api/agents/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-agent-daemon-key': site.serviceKey },
      body: JSON.stringify(body),
    })
    expect(reply.status).toBe(200)
    const told: Json[] = []
    for await (const { data } of readEvents(reply.body ?? new ReadableStream())) told.push(JSON.parse(data) as Json)
    const spoken = told.filter(({ type }) => type === 'chunk').map(({ data }) => data)
    expect(spoken.length).toBeGreaterThan(1)
    expect(spoken.join('')).toBe(answer)
    expect(told.filter(({ type }) => type !== 'chunk').map(({ type }) => type)).toEqual([
      'start',
      'tool_call',
      'tool_call',
      'tool_result',
      'tool_result',
      'done',
    ])
    const trace = reply.headers.get('x-trace-id') ?? ''
    expect(told.at(-1)).toMatchObject({ trace_id: trace, response: answer, delivery: 'posted' })
    expect(times(await pageOfBackend(api, site), answer)).toBe(1)
    await recorded(api, site, trace, answer, before)
  }
})
