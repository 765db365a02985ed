import { beforeEach, expect, it } from 'vitest'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { agentSpans, newTraceHex, said, spanDraft, spanHex } from '@/lib/core/testing/sample-span'
import type { Role } from '@/lib/shared/rbac'
import { DiffBody } from './contract'
import { diffTraces, ingestSpans } from './index'
import type { SpanDraft } from './span-draft'
import { traceIdOf } from './span-record'

const asked = (base: string, compare: string) => DiffBody.parse({ base_trace_id: base, compare_trace_id: compare })

describeEachDialect('the comparison of traces that came in', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)
  beforeEach(() => house.provider.reset())

  const as = (tenant: AgentTenant, role: Role) => scopeOf(identityOf(tenant.id, role))
  const service = (tenant: AgentTenant) => scopeOf(identityOf(tenant.id, 'admin', { plane: 'service', userId: null }))
  const arrived = async (tenant: AgentTenant, drafts: (hex: string) => SpanDraft[]): Promise<string> => {
    const hex = newTraceHex()
    await ingestSpans(service(tenant), drafts(hex), { source: '/v1/traces' })
    return traceIdOf(hex)
  }
  const answering = (hex: string, place: string, answer: string): SpanDraft[] => {
    const [agent, chat, tool] = agentSpans(hex) as [SpanDraft, SpanDraft, SpanDraft]
    const long = 'and so on '.repeat(50)
    return [
      agent,
      { ...chat, content: { ...chat.content, output: [said('assistant', `${answer} ${long}`)] } },
      { ...tool, tool: { ...tool.tool, arguments: { place, note: long } } },
    ]
  }

  it('reads what differs, and finds equal what is', async () => {
    const tenant = house.tenant()
    const base = await arrived(tenant, (hex) => answering(hex, 'sea', 'At sea.'))
    const same = await arrived(tenant, (hex) => answering(hex, 'sea', 'At sea.'))
    const other = await arrived(tenant, (hex) => answering(hex, 'lake', 'At the lake.'))
    const { diff: none } = await diffTraces(service(tenant), asked(base, same))
    expect([none.summary.total_differences, none.alignment.length]).toEqual([0, 3])
    const { diff } = await diffTraces(service(tenant), asked(base, other))
    expect(diff.alignment.map(({ op, class: of, depth }) => [op, of, depth])).toEqual([
      ['equal', undefined, 0],
      ['changed', 'wording', 1],
      ['changed', 'decision', 1],
    ])
    expect(diff.alignment[2]?.changes).toEqual([
      { path: '$.arguments.place', op: 'changed', base: 'sea', compare: 'lake' },
    ])
    expect(diff.alignment[1]?.text_diff).toContainEqual({ op: 'insert', text: 'the lake' })
    expect(diff.first_divergence).toMatchObject({ class: 'wording', base_index: 1 })
    expect(diff.verdict).toContain('at step 3 the model called `look` with other arguments')
  })

  it('tells readers who may not see texts the place, and no word of them', async () => {
    const tenant = house.tenant()
    const drafts = (word: string) => (hex: string) => {
      const [agent, chat, tool] = answering(hex, word, word) as [SpanDraft, SpanDraft, SpanDraft]
      const made = spanDraft(hex, 9, {
        name: `execute_tool ${word}`,
        kind: 'tool',
        parentSpanId: spanHex(1),
        tool: { name: word.replaceAll(' ', '_'), arguments: { [word]: word } },
        status: { code: 'error', message: word, errorType: word },
      })
      const named = { ...agent, name: `agent that thinks of the ${word} all day long` }
      return [named, { ...chat, model: { ...chat.model, params: { stop: word, temperature: 0.1 } } }, tool, made]
    }
    const base = await arrived(tenant, drafts('canary of the otter'))
    const compare = await arrived(tenant, drafts('canary of the seal'))
    const { diff, summary_text: text } = await diffTraces(as(tenant, 'operator'), asked(base, compare))
    expect(`${JSON.stringify(diff)}${text}`.toLowerCase()).not.toContain('canary')
    expect(diff.alignment.map(({ op }) => op)).toEqual(['changed', 'changed', 'changed', 'changed'])
    expect(diff.inputs.parameters).toEqual([{ path: '$.stop', op: 'changed' }])
    const { diff: open } = await diffTraces(as(tenant, 'admin'), asked(base, compare))
    expect(JSON.stringify(open)).toContain('canary of the seal')
  })

  it('survives spans that name one another as parents, and parents that never came', async () => {
    const tenant = house.tenant()
    const odd = (hex: string): SpanDraft[] => [
      spanDraft(hex, 1, { parentSpanId: spanHex(2) }),
      spanDraft(hex, 2, { parentSpanId: spanHex(1) }),
      spanDraft(hex, 3, { parentSpanId: spanHex(99) }),
    ]
    const [base, compare] = [await arrived(tenant, odd), await arrived(tenant, odd)]
    const { diff } = await diffTraces(service(tenant), asked(base, compare))
    expect(diff.alignment.map(({ op }) => op)).toEqual(['equal', 'equal', 'equal'])
  })

  it('can be held against a run of ours', async () => {
    const tenant = house.tenant()
    house.provider.script(
      { toolCalls: [{ id: 'c1', name: 'order_lookup', arguments: { order_id: '1001' } }] },
      { text: 'At sea.' },
    )
    const sent = await tenant.json('send', tenant.say('Where is the otter?'))
    const ours = String(sent.body['trace_id'])
    const theirs = await arrived(tenant, (hex) => [
      spanDraft(hex, 1, { kind: 'inference', model: { request: 'gpt-4o-mini', provider: 'openai' } }),
      spanDraft(hex, 2, { kind: 'tool', tool: { name: 'order_lookup', arguments: { order_id: '1001' } } }),
      spanDraft(hex, 3, {
        kind: 'inference',
        model: { request: 'gpt-4o-mini', provider: 'openai' },
        content: { output: [said('assistant', 'At sea.')] },
      }),
    ])
    const { diff } = await diffTraces(service(tenant), asked(ours, theirs))
    expect(diff.alignment.map(({ base_index: i, compare_index: j }) => [i, j])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ])
    expect(diff.alignment[1]?.changes.some(({ path }) => path.startsWith('$.arguments'))).toBe(false)
    expect(diff.alignment[2]).toMatchObject({ op: 'equal' })
  })
})
