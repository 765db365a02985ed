import { systemDb } from '../system-db'
import type { AgentHouse, AgentTenant } from './agent-house'
import type { MockStep } from './mock-provider/script-step'

type Script = readonly MockStep[]
type Play = (house: AgentHouse, tenant: AgentTenant) => Promise<string>

const LOOKUP = { toolCalls: [{ id: 'c1', name: 'order_lookup', arguments: { order_id: '1001' } }] }
const HEARTBEAT = { metadata: { type: 'mc.heartbeat', timezone: 'Europe/Berlin' } }

export const lastTrace = async (tenant: AgentTenant): Promise<string> => {
  const { id } = await systemDb().trace.findFirstOrThrow({ where: { tenantId: tenant.id }, orderBy: { id: 'desc' } })
  return id
}

const sent =
  (message: string, more: object = {}, script: Script = []): Play =>
  async (house, tenant) => {
    if (script.length > 0) house.provider.script(...script)
    await tenant.json('send', tenant.say(message, more))
    return lastTrace(tenant)
  }

const demo = (steps: readonly object[]): string => `demo: ${JSON.stringify(steps)}`

/** Runs of every kind that there is, each left behind as a trace. */
export const demoRuns: Readonly<Record<string, Play>> = {
  'a plain answer': sent('Hello', {}, [{ text: 'Good day.' }]),
  'the demo model, which calls a tool': sent('Look up order 1001', { model: 'demo/clasper-demo' }),
  'a tool, words before it, and an answer': sent('Where?', {}, [
    { text: 'Let me look.', ...LOOKUP },
    { text: 'It arrives on Tuesday.' },
  ]),
  'tools side by side, one refused, one with wrong arguments, one that fails': sent('All', {}, [
    {
      toolCalls: [
        { id: 'c1', name: 'order_lookup', arguments: { order_id: '1001' } },
        { id: 'c2', name: 'refund_everything', arguments: {} },
        { id: 'c3', name: 'order_lookup', arguments: { order_id: 17 } },
        { id: 'c4', name: 'order_lookup', arguments: { order_id: '999999' } },
      ],
    },
    { text: 'Some of it.' },
  ]),
  'ids that are used anew in each answer': sent('Twice', {}, [
    LOOKUP,
    { toolCalls: [{ id: 'c1', name: 'order_lookup', arguments: { order_id: '1002' } }] },
    { text: 'Both.' },
  ]),
  retries: sent(demo([{ fails: 'overloaded', times: 2 }, { text: 'At last.' }]), { model: 'demo/clasper-demo' }),
  'a failure': sent(demo([{ fails: 'bad_request' }]), { model: 'demo/clasper-demo' }),
  'a failure after a tool': sent(
    demo([{ toolCalls: LOOKUP.toolCalls }, { text: 'begun', fails: 'context_overflow' }]),
    { model: 'demo/clasper-demo' },
  ),
  'the fallback': async (house, tenant) => {
    house.provider.answer(({ body }) =>
      String(body['model']).startsWith('gpt') ? { status: 401, body: '{}' } : { text: 'I.' },
    )
    await tenant.json('send', tenant.say('Who?'))
    return lastTrace(tenant)
  },
  'history, notes, parameters': sent(
    'And now?',
    {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'One.' },
        { role: 'assistant', content: 'Two.' },
        { role: 'system', content: 'Be kind.' },
      ],
      temperature: 1.3,
      max_tokens: 321,
    },
    [{ text: 'Three.' }],
  ),
  'what is redacted': sent(
    'Write to ada@example.com with sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH',
    { messages: [{ role: 'user', content: 'I am bob@example.com' }] },
    [
      { toolCalls: [{ id: 'c1', name: 'customer_search', arguments: { query: 'ada@example.com' } }] },
      { text: 'Written to ada@example.com.' },
    ],
  ),
  'a heartbeat that is silent': sent('Anything?', HEARTBEAT, [{ text: 'HEARTBEAT_OK' }]),
  'a heartbeat that speaks by its tool': sent('Anything?', HEARTBEAT, [
    { toolCalls: [{ id: 'h', name: 'heartbeat_respond', arguments: { notify: true, notificationText: 'Look!' } }] },
  ]),
  'a prompt of its own': sent('Hello', { metadata: { system_prompt: 'You are a pirate.' } }, [{ text: 'Arr.' }]),
  'a plan': sent('Move', { metadata: { kickoff_plan: true } }, [{ text: 'First …' }]),
  'a summary': async (house, tenant) => {
    house.provider.script({ text: ' They spoke of tea. ' })
    const messages = ['Tea?', 'Yes.', 'Now?', 'Later.'].map((content, at) => ({
      role: at % 2 === 0 ? 'user' : 'assistant',
      content,
    }))
    await tenant.json('compact', { messages, keep_recent: 1, user_id: 'u1' })
    return lastTrace(tenant)
  },
  'a task that is corrected': async (house, tenant) => {
    house.provider.script({ text: 'not json' }, { text: '{"n": 3}' })
    const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }
    await tenant.json('llmTask', { prompt: 'Count', schema })
    return lastTrace(tenant)
  },
  'a task that fails': async (house, tenant) => {
    house.provider.script({ text: 'not json' }, { text: 'still not' })
    await tenant.json('llmTask', { prompt: 'Count' })
    return lastTrace(tenant)
  },
  'a stream': async (house, tenant) => {
    house.provider.script({ text: 'Flowing.' })
    await (await tenant.call('stream', tenant.say('Flow'))).text()
    return lastTrace(tenant)
  },
}
