import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { createPolicy, resolveDecision, simulateTrace } from '@/lib/governance'
import { policiesOf, showContext } from '@/lib/workspace'

const SKILL =
  '---\nname: tasks\ndescription: Tasks\nallowed-tools: task_list task_create\nmetadata: {"openclaw": {"always": true}}\n---\nUse tasks.'
const YES = { action: 'approve', justification: 'It is what was agreed' } as const
const CANARY = 'canary-of-the-policies'

describeEachDialect('policies in runs', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)

  const policies = (text: string, name = 'test.yaml') => {
    mkdirSync(join(house.workspace, 'policies'), { recursive: true })
    writeFileSync(join(house.workspace, 'policies', name), text)
  }

  beforeEach(() => {
    house.provider.reset()
    mkdirSync(join(house.workspace, 'skills/tasks'), { recursive: true })
    writeFileSync(join(house.workspace, 'skills/tasks/SKILL.md'), SKILL)
    for (const name of ['test.yaml', 'broken.yaml']) rmSync(join(house.workspace, 'policies', name), { force: true })
    rmSync(join(house.workspace, 'policies/deep'), { recursive: true, force: true })
  })

  const admin = (tenant: AgentTenant) => scopeOf(identityOf(tenant.id))
  const decisions = (tenant: AgentTenant) =>
    systemDb().decision.findMany({ where: { tenantId: tenant.id }, orderBy: { id: 'asc' } })
  const listing = { text: 'Looking.', toolCalls: [{ id: 'c1', name: 'task_list', arguments: {} }] }

  it('every answer is stored before the tool is called, allowed ones too, and the record names it', async () => {
    const tenant = house.tenant()
    house.provider.script(listing, { text: 'Done.' })
    const { status, headers } = await tenant.json('send', tenant.say('List'))
    expect(status).toBe(200)
    const traceId = headers.get('x-trace-id') ?? ''
    const rows = await decisions(tenant)
    expect(rows.map(({ origin, decision, tool, traceId: of }) => [origin, decision, tool, of])).toEqual([
      ['run', 'allow', null, traceId],
      ['tool', 'allow', 'task_list', traceId],
    ])
    const [run, tool] = rows
    expect(run?.policyHash).toMatch(/^sha256:/)
    expect(run?.riskLevel).not.toBeNull()
    expect(run?.costMicroUsd).not.toBeNull()
    expect(tool?.facts).toMatchObject({
      subject: 'tool',
      role: 'agent',
      userId: 'u1',
      skill: expect.arrayContaining(['tasks']),
      environment: 'default',
      riskLevel: expect.any(String),
      estimatedCost: expect.any(Number),
      action: 'read',
    })
    const trace = await tenant.trace(traceId)
    const step = (trace['steps'] as { type: string; data: Record<string, unknown> }[]).find(
      ({ type }) => type === 'tool_call',
    )
    expect(step?.data['decision']).toMatchObject({ decision: 'allow', decision_id: tool?.id, matched_policies: [] })
  })

  it('a rule of the workspace refuses a call by its arguments; the model is told, and nothing is done', async () => {
    policies(
      `- policy_id: no-secret-tasks\n  subject: {type: tool, name: task_create}\n  conditions: {arguments.title: {prefix: Secret}, agent_role: agent}\n  effect: {decision: deny}\n  explanation: ${CANARY}\n`,
    )
    const tenant = house.tenant()
    const call = (title: string) => ({
      text: 'Making.',
      toolCalls: [{ id: title, name: 'task_create', arguments: { title } }],
    })
    house.provider.script(call('Open thing'), call('Secret thing'), { text: 'Done.' })
    const { body, headers } = await tenant.json('send', tenant.say('Make two'))
    expect(body['response']).toBe('Done.')
    const tools = (await decisions(tenant)).filter(({ origin }) => origin === 'tool')
    expect(tools.map(({ decision, matchedPolicies }) => [decision, matchedPolicies])).toEqual([
      ['allow', []],
      ['deny', ['workspace/no-secret-tasks']],
    ])
    const titles = house.backend.store
      .all('SELECT title FROM tasks WHERE tenant_id = ?', tenant.id)
      .map((row) => row['title'])
    expect(titles).toContain('Open thing')
    expect(titles).not.toContain('Secret thing')
    const [first, , last] = house.provider.requests().map(({ body: sent }) => JSON.stringify(sent))
    expect(first).not.toContain('no-secret-tasks')
    expect(first).not.toContain(CANARY)
    expect(last).toContain(CANARY)
    expect(await tenant.audits()).toContain('tool_permission_denied')
    const again = await simulateTrace(
      admin(tenant),
      headers.get('x-trace-id') ?? '',
      { rules: [], without: ['workspace/no-secret-tasks'] },
      (id) => policiesOf(admin(tenant), id),
    )
    expect(again.decisions.map(({ differs }) => differs)).toEqual([false, false, true])
  })

  it('a rule can refuse a run; nothing is spent, and the refusal can be found', async () => {
    const tenant = house.tenant()
    await createPolicy(admin(tenant), {
      policy_id: 'no-agents',
      subject: { type: 'agent', name: 'agent' },
      effect: { decision: 'deny' },
      explanation: 'Not this role',
    })
    const { status, body } = await tenant.json('send', tenant.say('Hello'))
    expect({ status, code: body['code'], error: body['error'] }).toEqual({
      status: 403,
      code: 'policy_denied',
      error: 'Not this role',
    })
    const [row] = await decisions(tenant)
    expect(body['details']).toMatchObject({ decision_id: row?.id, matched_policies: ['no-agents'] })
    expect(row).toMatchObject({ origin: 'run', status: 'deny', traceId: null })
    expect(await tenant.ledger()).toEqual([])
    expect(await tenant.audits()).toContain('permission_denied')
    expect(house.provider.requests()).toEqual([])
  })

  it('a run that needs an approval waits once, passes once with it, and for nothing else', async () => {
    const tenant = house.tenant()
    await createPolicy(admin(tenant), {
      policy_id: 'ask-first',
      subject: { type: 'cost' },
      conditions: { model: { prefix: 'openai/' } },
      effect: { decision: 'require_approval', required_role: 'admin' },
    })
    const say = (more: object = {}) => tenant.json('send', tenant.say('Hello', more))
    const first = await say()
    expect({ status: first.status, code: first.body['code'] }).toEqual({ status: 403, code: 'approval_required' })
    const details = first.body['details'] as Record<string, unknown>
    expect(details).toMatchObject({ required_role: 'admin', expires_at: expect.any(String) })
    expect(((await say()).body['details'] as Record<string, unknown>)['decision_id']).toBe(details['decision_id'])
    expect(await decisions(tenant)).toHaveLength(1)
    const id = { decision_id: details['decision_id'] }
    expect((await say(id)).status).toBe(403)
    const other = scopeOf(identityOf(tenant.id, 'admin', { userId: 'someone-else', actor: 'user:someone-else' }))
    await resolveDecision(other, String(details['decision_id']), YES)
    expect((await tenant.json('send', tenant.say('Other words', id))).status).toBe(403)
    expect((await tenant.json('send', tenant.say('Hello', { ...id, temperature: 1 }))).status).toBe(403)
    const stranger = house.tenant()
    await createPolicy(admin(stranger), {
      policy_id: 'p',
      subject: { type: 'cost' },
      effect: { decision: 'require_approval' },
    })
    expect((await stranger.json('send', stranger.say('Hello', id))).status).toBe(403)
    house.provider.answer(() => ({ text: 'Hi.' }))
    const passed = await Promise.all(Array.from({ length: 6 }, () => say(id)))
    const [run, ...more] = passed.filter(({ status }) => status === 200)
    expect(more).toEqual([])
    const trace = await tenant.trace(run?.headers.get('x-trace-id') ?? '')
    expect(trace).toMatchObject({ integrity: { status: 'verified' } })
    expect((trace['steps'] as object[])[0]).toMatchObject({
      type: 'decision',
      data: { decision: 'allow', policy_id: 'ask-first', matched_policies: ['ask-first'] },
    })
    expect((await say(id)).status).toBe(403)
  })

  it('calls of a model without an agent are asked about too', async () => {
    const tenant = house.tenant()
    house.provider.answer(() => ({ text: '{"n": 1}' }))
    const task = (more: object = {}) => tenant.json('llmTask', { prompt: 'n', ...more })
    expect((await task()).status).toBe(200)
    expect(await decisions(tenant)).toMatchObject([{ origin: 'run', decision: 'allow', facts: { action: 'llm_task' } }])
    await createPolicy(admin(tenant), {
      policy_id: 'tasks',
      subject: { type: 'cost' },
      conditions: { action: 'llm_task' },
      effect: { decision: 'require_approval' },
    })
    const { body } = await task()
    expect(body['code']).toBe('approval_required')
    const id = String((body['details'] as Record<string, unknown>)['decision_id'])
    const other = scopeOf(identityOf(tenant.id, 'admin', { userId: 'someone-else', actor: 'user:someone-else' }))
    await resolveDecision(other, id, YES)
    expect((await task({ decision_id: id })).status).toBe(200)
    expect((await task({ decision_id: id })).status).toBe(403)
    await createPolicy(admin(tenant), {
      policy_id: 'none',
      subject: { type: 'cost' },
      precedence: 1,
      effect: { decision: 'deny' },
    })
    expect((await task()).body['code']).toBe('policy_denied')
  })

  it.each([
    ['broken.yaml', 'policies: ['],
    ['broken.yaml', '- policy_id: x\n  subject: {type: tool}\n  effect: {decision: perhaps}\n'],
  ])('a broken file (%s: %s) stops the runs of the workspace, and says where', async (name, text) => {
    const tenant = house.tenant()
    policies(text, name)
    const { status, body } = await tenant.json('send', tenant.say('Hello'))
    expect({ status, code: body['code'] }).toEqual({ status: 503, code: 'policy_unavailable' })
    expect(String(body['error'])).toContain('policies/broken.yaml')
    expect(await tenant.ledger()).toEqual([])
    const { warnings } = await showContext(admin(tenant), {})
    expect(warnings.join('\n')).toContain('policies/broken.yaml')
    rmSync(join(house.workspace, 'policies/broken.yaml'))
    house.provider.script({ text: 'Hi.' })
    expect((await tenant.json('send', tenant.say('Hello'))).status).toBe(200)
  })

  it('a folder that nobody would read stops them too', async () => {
    const tenant = house.tenant()
    mkdirSync(join(house.workspace, 'policies/deep'))
    const { body } = await tenant.json('send', tenant.say('Hello'))
    expect(body['code']).toBe('policy_unavailable')
  })
})
