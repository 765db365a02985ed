import { beforeEach, describe, expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import { type AgentHouse, type AgentTenant, SERVICE_KEY, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { recordRun } from '@/lib/core/testing/recorded-run'
import { type Route, route } from '@/lib/http/route'
import type { Role } from '@/lib/shared/rbac'
import { DiffBody, diffTraces as diffContract, TraceDiff } from './contract'
import { diffTraces, reduceTraces } from './index'

const UNKNOWN = '0193f0a0-0000-7000-8000-00000000dead'

const asked = (base: string, compare: string, more: object = {}) =>
  DiffBody.parse({ base_trace_id: base, compare_trace_id: compare, ...more })

const lookup = (order: string) => ({ id: `c-${order}`, name: 'order_lookup', arguments: { order_id: order } })

describeEachDialect('the comparison of two traces', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)
  beforeEach(() => house.provider.reset())

  const as = (tenant: AgentTenant, role: Role) => scopeOf(identityOf(tenant.id, role))
  const service = (tenant: AgentTenant, userId: string | null = null) =>
    scopeOf(identityOf(tenant.id, 'admin', { plane: 'service', userId }))
  const ran = async (tenant: AgentTenant, message: string, order: string, last: string): Promise<string> => {
    house.provider.script(
      { toolCalls: [lookup(order)] },
      { text: last, usage: { input: 100 * last.length, output: last.length } },
    )
    const { body } = await tenant.json('send', tenant.say(message))
    return String(body['trace_id'])
  }
  const revealed = async (tenant: AgentTenant) =>
    (await systemDb().auditEntry.findMany({ where: { tenantId: tenant.id, eventType: 'trace_revealed' } })).map(
      ({ traceId }) => traceId,
    )
  const call = async (tenant: AgentTenant, body: object) => {
    const handler = route(diffContract, (scope, sent) => diffTraces(scope, sent.body)) as unknown as Route
    const reply = await handler(
      new Request('http://127.0.0.1/traces/diff', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-agent-daemon-key': SERVICE_KEY,
          'x-tenant-id': tenant.id,
        },
        body: JSON.stringify(body),
      }),
    )
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> }
  }

  it('of a run with itself finds nothing, twice the same', async () => {
    const tenant = house.tenant()
    const id = await ran(tenant, 'Where is it?', '1001', 'In Rotterdam.')
    const once = await diffTraces(service(tenant), asked(id, id.toUpperCase()))
    expect(TraceDiff.parse(once.diff)).toEqual(once.diff)
    expect(once.diff.summary).toEqual({ total_differences: 0, significant_changes: [], changed_areas: [] })
    expect(once.diff.alignment.map(({ kind, label }) => [kind, label])).toEqual([
      ['inference', 'gpt-4o-mini'],
      ['tool', 'order_lookup'],
      ['inference', 'gpt-4o-mini'],
    ])
    expect(once.diff.alignment.every(({ op }) => op === 'equal')).toBe(true)
    expect(once.diff.verdict).toBe('Same path for all 3 steps.')
    expect(await diffTraces(service(tenant), asked(id, id))).toEqual(once)
  })

  it('names the call that was made with other arguments, and the words that differ', async () => {
    const tenant = house.tenant()
    const base = await ran(tenant, 'Where is it?', '1001', 'It is in Rotterdam.')
    const compare = await ran(tenant, 'Where is it?', '1002', 'It is in Hamburg.')
    const { diff, summary_text: text } = await diffTraces(service(tenant), asked(base, compare))
    expect(diff.first_divergence).toMatchObject({ class: 'decision', base_index: 1, compare_index: 1, step: 2 })
    expect(diff.alignment[1]?.changes).toContainEqual({
      path: '$.arguments.order_id',
      op: 'changed',
      base: '1001',
      compare: '1002',
    })
    expect(diff.output.text_diff).toContainEqual({ op: 'insert', text: 'Hamburg' })
    expect(diff.tool_calls.changed[0]).toMatchObject({ name: 'order_lookup', differences: { arguments_changed: true } })
    expect(diff.steps).toMatchObject({ base_step_count: 4, compare_step_count: 4 })
    expect(diff.summary.significant_changes).toContain('Output message differs')
    expect(text?.split('\n')[0]).toBe(diff.verdict)
    expect(diff.verdict).toContain('the model called `order_lookup` with other arguments (`$.order_id`)')
    const costs = diff.alignment.flatMap(({ delta }) => delta?.cost_micro_usd ?? [])
    expect(costs.reduce((sum, cost) => sum + cost, 0)).toBe(diff.cost.delta_micro_usd)
    expect(diff.cost.delta_micro_usd).toBeLessThan(0)
    const tokens = diff.alignment.flatMap(({ delta }) => (delta ? delta.input_tokens + delta.output_tokens : 0))
    expect(tokens.reduce((sum, count) => sum + count, 0)).toBe(diff.usage.total_token_delta)
    const { summary_text: none } = await diffTraces(service(tenant), asked(base, compare, { include_summary: false }))
    expect(none).toBeUndefined()
  })

  it('lists the files of the workspace that changed, as suspects', async () => {
    const { appendFileSync, readFileSync, writeFileSync } = await import('node:fs')
    const tenant = house.tenant()
    const soul = `${house.workspace}/SOUL.md`
    const before = readFileSync(soul, 'utf8')
    const base = await ran(tenant, 'Where is it?', '1001', 'ok')
    appendFileSync(soul, '\nBe quick.\nBe brief.\n')
    const compare = await ran(tenant, 'Where is it?', '1001', 'ok')
    writeFileSync(soul, before)
    const { diff } = await diffTraces(service(tenant), asked(base, compare))
    expect(diff.workspace.changed).toBe(true)
    expect(diff.suspects[0]).toEqual({
      kind: 'workspace',
      sentence: expect.stringMatching(/^SOUL\.md \+[23] −0$/),
      files: [{ path: 'SOUL.md', status: 'modified', lines_added: expect.any(Number), lines_removed: 0 }],
    })
    expect(diff.inputs.system_prompt.text_diff?.some(({ op, text }) => op === 'insert' && text.includes('quick'))).toBe(
      true,
    )
    expect(diff.verdict).toContain('Suspects: SOUL.md +')
    const { diff: back } = await diffTraces(service(tenant), asked(compare, base))
    expect(back.suspects[0]?.files?.[0]).toMatchObject({ lines_added: 0 })
  })

  it('knows nothing of a foreign, unknown or unreachable trace, on either side', async () => {
    const [mine, theirs] = [house.tenant(), house.tenant()]
    const id = await ran(mine, 'x', '1001', 'ok')
    const foreign = await ran(theirs, 'CANARY', '1001', 'ok')
    for (const bad of [foreign, UNKNOWN]) {
      expect(await call(mine, { base_trace_id: bad, compare_trace_id: id })).toMatchObject({
        status: 404,
        body: { error: 'Base trace not found', code: 'not_found', trace_id: bad },
      })
      expect(await call(mine, { base_trace_id: id, compare_trace_id: bad })).toMatchObject({
        status: 404,
        body: { error: 'Compare trace not found', trace_id: bad },
      })
    }
    await expect(diffTraces(service(mine, 'somebody-else'), asked(id, id))).rejects.toMatchObject({ code: 'not_found' })
    const fenced = scopeOf(identityOf(mine.id, 'admin', { workspaceIds: ['other'] }))
    await expect(diffTraces(fenced, asked(id, id))).rejects.toMatchObject({ code: 'not_found' })
    expect(await revealed(mine)).toEqual([])
  })

  it('refuses ids that are none', async () => {
    const tenant = house.tenant()
    for (const body of [{}, { base_trace_id: 'x', compare_trace_id: UNKNOWN }, { base_trace_id: UNKNOWN }])
      expect((await call(tenant, body)).status).toBe(400)
  })

  it('answers in both spellings, and leaves values and names of skills alone', async () => {
    const tenant = house.tenant()
    const base = await ran(tenant, 'x', '1001', 'ok')
    const compare = await ran(tenant, 'x', '1002', 'ok')
    const { status, body } = await call(tenant, { base_trace_id: base, compare_trace_id: compare })
    expect(status).toBe(200)
    const diff = body['diff'] as Record<string, unknown>
    expect(diff['firstDivergence']).toEqual(diff['first_divergence'])
    expect(body['summaryText']).toBe(body['summary_text'])
    const item = (diff['alignment'] as Record<string, unknown>[])[1]
    expect(item?.['baseIndex']).toBe(1)
    expect(JSON.stringify(item?.['changes'])).not.toContain('orderId')
  })

  it('takes runs that are not over yet, and such as retention has emptied', async () => {
    const tenant = house.tenant()
    await tenant.json('send', tenant.say('x'))
    const scope = service(tenant)
    const [done, running, emptied] = [
      await recordRun(scope, { word: 'otter' }),
      await recordRun(scope, { word: 'otter', isRunning: true }),
      await recordRun(scope, { word: 'otter' }),
    ]
    const { diff } = await diffTraces(scope, asked(done, running))
    expect(diff).toMatchObject({ is_partial: true, timing: { delta_ms: null } })
    const late = '2999-01-01T00:00:00.000+00:00'
    await as(tenant, 'admin').mutate({ event: 'retention_enforced' }, (db) =>
      reduceTraces(db, 'minimal', { ids: [emptied], stale: late, young: late }),
    )
    const { diff: less } = await diffTraces(scope, asked(done, emptied))
    expect(less.inputs).toMatchObject({ is_known: false, message: { changed: false } })
    expect(less.suspects).toEqual([])
    expect(TraceDiff.parse(less)).toEqual(less)
  })

  describe('for readers who may not see texts', () => {
    const CANARY = 'canary'
    const secretive = async (tenant: AgentTenant, n: number): Promise<string> => {
      house.provider.script(
        {
          text: `${CANARY} text ${n}`,
          toolCalls: [
            { id: `${CANARY} id ${n}`, name: `${CANARY}_tool_${n}`, arguments: { [`${CANARY}_key`]: `${CANARY}${n}` } },
            { id: `x${n}`, name: 'order_lookup', arguments: { order_id: `${CANARY}${n}`, [`${CANARY}${n}`]: n } },
          ],
        },
        { text: `${CANARY} answer ${n}` },
      )
      const messages = [{ role: 'user', content: `${CANARY} earlier ${n}` }]
      const { body } = await tenant.json('send', tenant.say(`${CANARY} question ${n}`, { messages }))
      return String(body['trace_id'])
    }

    it('shows where two runs differ, and nothing of what was said', async () => {
      const tenant = house.tenant()
      const [base, compare] = [await secretive(tenant, 1), await secretive(tenant, 2)]
      const { diff, summary_text: text } = await diffTraces(as(tenant, 'operator'), asked(base, compare))
      expect(JSON.stringify(diff).toLowerCase()).not.toContain(CANARY)
      expect(text?.toLowerCase()).not.toContain(CANARY)
      expect(diff.withheld).toBe(true)
      expect(diff.alignment.some(({ text_diff: words }) => words !== undefined)).toBe(false)
      const looked = diff.alignment.find(({ label }) => label === 'order_lookup')
      expect(looked).toMatchObject({ op: 'changed', class: 'decision' })
      expect(looked?.changes).toContainEqual({ path: '$.arguments.order_id', op: 'changed' })
      expect(looked?.changes).toContainEqual({ path: '$.arguments.*', op: 'removed' })
      expect(diff.alignment.some(({ label }) => label === '[withheld]')).toBe(true)
      expect(diff.output).toMatchObject({ messages_equal: false })
      expect(diff.inputs.message).toMatchObject({ changed: true })
      expect(await revealed(tenant)).toEqual([])
    })

    it('shows all of it to those who may, and leaves a row for each of the two', async () => {
      const tenant = house.tenant()
      const [base, compare] = [await secretive(tenant, 1), await secretive(tenant, 2)]
      const { diff } = await diffTraces(as(tenant, 'admin'), asked(base, compare))
      expect(diff.withheld).toBe(false)
      expect(JSON.stringify(diff.alignment)).toContain(`${CANARY}_tool_1`)
      expect(diff.inputs.message.text_diff).toContainEqual({ op: 'insert', text: '2' })
      expect((await revealed(tenant)).sort()).toEqual([base, compare].sort())
      await diffTraces(as(tenant, 'admin'), asked(base, base))
      expect(await revealed(tenant)).toHaveLength(3)
      await diffTraces(service(tenant), asked(base, compare))
      expect(await revealed(tenant)).toHaveLength(3)
    })
  })
})
