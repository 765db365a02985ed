import { beforeEach, expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { createPolicy } from '@/lib/governance'
import type { Rehearsal } from './rehearsal/wish'
import { rehearse } from './rehearse'

const call = (id: string, name: string, args: object) => ({ id, name, arguments: args as Record<string, unknown> })
const LOOKUP = call('c1', 'order_lookup', { order_id: '1001' })
const LIST = call('c2', 'task_list', {})
const POST = call('c3', 'message_post', { content: 'posted by a rehearsal' })
const TASK = call('c4', 'task_create', { title: 'made by a rehearsal' })

describeEachDialect('a rehearsal', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect, { env: { CLASPER_RETRY_ATTEMPTS: '1', LLM_MODEL_FALLBACK: '' } })
  beforeEach(() => house.provider.reset())

  const backend = () => {
    const { store } = house.backend
    const tables = store.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return JSON.stringify(tables.map(({ name }) => [name, store.all(`SELECT * FROM "${String(name)}"`)]))
  }
  const play = (tenant: Pick<AgentTenant, 'id'>, wish: Partial<Rehearsal> = {}) =>
    rehearse(scopeOf(identityOf(tenant.id)), { kind: 'eval', workspaceId: 'default', message: 'Go on', ...wish })
  const told = () => JSON.stringify(house.provider.requests().at(-1)?.body)

  it('really reads where that is wished, and never writes', async () => {
    const tenant = house.tenant()
    const before = backend()
    house.provider.script({ toolCalls: [LOOKUP, LIST, POST, TASK] }, { text: 'Done.' })
    const seen = await play(tenant, { mocks: 'none' })
    expect(seen).toMatchObject({ ok: true, text: 'Done.', stopReason: 'completed' })
    expect(seen.toolCalls.map(({ name, success }) => [name, success])).toEqual([
      ['order_lookup', true],
      ['task_list', true],
      ['message_post', false],
      ['task_create', false],
    ])
    expect(told()).toContain('1001')
    expect(backend()).toBe(before)
  })

  it('calls nothing at all where all is mocked, and says so', async () => {
    const tenant = house.tenant()
    house.provider.script({ toolCalls: [LOOKUP, POST] }, { text: 'Done.' })
    const seen = await play(tenant)
    expect(seen.toolCalls.every(({ success }) => success)).toBe(true)
    expect(told()).toContain('was not called')
    expect(told()).not.toContain('Ada')
  })

  it('waits for nobody: what a person would have to approve is mocked, and refused where it is real', async () => {
    const tenant = house.tenant()
    await createPolicy(scopeOf(identityOf(tenant.id)), {
      policy_id: 'ask-first',
      subject: { type: 'tool', name: 'order_lookup' },
      effect: { decision: 'require_approval' },
    })
    house.provider.script({ toolCalls: [LOOKUP] }, { text: 'Done.' })
    const mocked = await play(tenant, { mocks: { order_lookup: { returns: 'there' } } })
    expect(mocked).toMatchObject({ ok: true, toolCalls: [{ permitted: true, success: true, result: 'there' }] })
    house.provider.reset()
    house.provider.script({ toolCalls: [LOOKUP] }, { text: 'Done.' })
    const live = await play(tenant, { mocks: 'none' })
    expect(live).toMatchObject({ ok: true, toolCalls: [{ permitted: false, success: false }] })
    const rows = await systemDb().trace.findMany({ where: { tenantId: tenant.id } })
    expect(rows.map(({ status }) => status)).toEqual(['success', 'success'])
  })

  it('is refused by policies and by money like any other run', async () => {
    const tenant = house.tenant()
    const scope = scopeOf(identityOf(tenant.id))
    await createPolicy(scope, {
      policy_id: 'no-agents',
      subject: { type: 'agent', name: 'agent' },
      effect: { decision: 'deny' },
    })
    await expect(play(tenant)).rejects.toMatchObject({ code: 'policy_denied' })
    expect(await systemDb().trace.count({ where: { tenantId: tenant.id } })).toBe(0)
    await expect(play(tenant, { versionHash: 'deadbeef00' })).rejects.toMatchObject({ code: 'not_found' })
    const fenced = scopeOf(identityOf(tenant.id, 'admin', { workspaceIds: ['elsewhere'] }))
    const wish = { kind: 'eval' as const, workspaceId: 'default', message: 'Go on' }
    await expect(rehearse(fenced, wish)).rejects.toMatchObject({ code: 'workspace_access_denied' })
  })

  it('has its own time, and its end is told with whatever its caller writes', async () => {
    const tenant = house.tenant()
    house.provider.script({ text: 'late', stallAfter: 0 })
    const ends: boolean[] = []
    const scope = scopeOf(identityOf(tenant.id))
    const wish = { kind: 'skill_test' as const, workspaceId: 'default', message: 'Go on', timeoutMs: 300 }
    const seen = await rehearse(scope, wish, ({ ok }) => {
      ends.push(ok)
      return []
    })
    expect(seen).toMatchObject({ ok: false, error: { code: 'timeout' } })
    expect(ends).toEqual([false])
    const row = await systemDb().trace.findFirstOrThrow({ where: { tenantId: tenant.id } })
    expect(row).toMatchObject({ kind: 'skill_test', status: 'timeout', id: seen.traceId })
  })
})
