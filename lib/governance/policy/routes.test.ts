import { expect, it } from 'vitest'
import { DELETE, GET as getOne, PATCH } from '@/app/(api)/api/policies/[policy_id]/route'
import { GET, POST } from '@/app/(api)/api/policies/route'
import { POST as dryRun } from '@/app/(api)/api/policy/dry-run/route'
import { POST as evaluate } from '@/app/(api)/api/policy/evaluate/route'
import { POST as simulate } from '@/app/(api)/api/policy/simulate/route'
import { POST as simulateTrace } from '@/app/(api)/traces/[id]/simulate/route'
import { systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useKernel } from '@/lib/core/testing/kernel'
import { uuidv7 } from '@/lib/shared/id'

const KEY = 'k'.repeat(40)

const ask = (method: string, path: string, body?: object | string, headers: Record<string, string> = {}) =>
  new Request(`http://127.0.0.1${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    headers: {
      'x-agent-daemon-key': KEY,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
  })

const json = async (reply: Promise<Response>) => {
  const got = await reply
  return { status: got.status, body: (await got.json()) as Record<string, unknown> }
}

const RULE = { policy_id: 'no-mail', subject: { type: 'tool', name: 'mail:*' }, effect: { decision: 'deny' } }
const at = (id: string) => ({ params: { policy_id: id } })

describeEachDialect('the policy routes', (dialect) => {
  useKernel(dialect, {
    env: { AGENT_DAEMON_API_KEY: KEY, CLASPER_DEFAULT_TENANT_ID: 'default', CLASPER_DAEMON_ALLOWED_TENANTS: 'second' },
  })

  it('make, list, show, try, change and remove over the wire', async () => {
    await systemWrite(({ client }) =>
      client.tenant.createMany({
        data: ['default', 'second', 'third'].map((id) => ({ id, name: id, createdAt: new Date(0) })),
      }),
    )
    const made = await json(
      POST(ask('POST', '/api/policies', { ...RULE, conditions: { 'arguments.max_Size': { gt: 1 } } })),
    )
    expect(made).toMatchObject({
      status: 201,
      body: {
        policy: { policy_id: 'no-mail', revision: 1, source: 'api', conditions: { 'arguments.max_Size': { gt: 1 } } },
      },
    })
    expect(Object.keys((made.body['policy'] as Record<string, object>)['conditions'] ?? {})).toEqual([
      'arguments.max_Size',
    ])
    expect((await json(POST(ask('POST', '/api/policies', RULE)))).status).toBe(409)
    expect((await json(GET(ask('GET', '/api/policies?enabled=false')))).body['policies']).toEqual([])
    const listed = await json(GET(ask('GET', '/api/policies?workspace_id=default')))
    expect(listed.body).toMatchObject({ mode: 'guarded', faults: [], policies: [{ policy_id: 'no-mail' }] })
    expect((await json(getOne(ask('GET', '/api/policies/no-mail'), at('no-mail')))).body).toEqual(made.body)
    const question = { tool: 'mail_send', arguments: { max_Size: 2 } }
    expect(
      (await json(dryRun(ask('POST', '/api/policy/dry-run', { ...question, tool: 'mail:send' })))).body,
    ).toMatchObject({
      decision: 'deny',
      matched_policies: ['no-mail'],
      decision_trace: [{ policy_id: 'no-mail', result: 'matched' }],
    })
    expect((await json(simulate(ask('POST', '/api/policy/simulate', { without: ['no-mail'] })))).body).toMatchObject({
      checked: 0,
      changed: 0,
    })
    const patch = (body: object) => json(PATCH(ask('PATCH', '/api/policies/no-mail', body), at('no-mail')))
    expect(await patch({ revision: 7, enabled: false })).toMatchObject({
      status: 409,
      body: { code: 'version_conflict' },
    })
    expect(await patch({ enabled: false })).toMatchObject({ status: 400 })
    expect(await patch({ revision: 1, enabled: false, unknown: 1 })).toMatchObject({ status: 400 })
    expect(await patch({ revision: 1, enabled: false })).toMatchObject({
      status: 200,
      body: { policy: { enabled: false, revision: 2 } },
    })
    expect((await json(DELETE(ask('DELETE', '/api/policies/no-mail'), at('no-mail')))).body).toMatchObject({
      status: 'ok',
    })
    expect((await json(getOne(ask('GET', '/api/policies/no-mail'), at('no-mail')))).status).toBe(404)
  })

  it('a foreign tenant is refused by every way of naming it, and what is foreign is not there', async () => {
    await POST(ask('POST', '/api/policies', { ...RULE, policy_id: 'mine' }))
    for (const body of [
      { ...RULE, tenant_id: 'third' },
      { ...RULE, scope: { tenant_id: 'third' } },
    ])
      expect((await json(POST(ask('POST', '/api/policies', body)))).status).toBe(403)
    expect((await json(GET(ask('GET', '/api/policies?tenant_id=third')))).status).toBe(403)
    expect((await json(dryRun(ask('POST', '/api/policy/dry-run', { tenant_id: 'third' })))).status).toBe(403)
    expect((await json(simulate(ask('POST', '/api/policy/simulate', {}, { 'x-tenant-id': 'third' })))).status).toBe(403)
    const second = { 'x-tenant-id': 'second' }
    expect((await json(getOne(ask('GET', '/api/policies/mine', undefined, second), at('mine')))).status).toBe(404)
    expect((await json(DELETE(ask('DELETE', '/api/policies/mine', undefined, second), at('mine')))).status).toBe(404)
    const id = uuidv7(1)
    expect((await json(simulateTrace(ask('POST', `/traces/${id}/simulate`, {}), { params: { id } }))).status).toBe(404)
    expect((await json(evaluate(ask('POST', '/api/policy/evaluate', { tool: 'x' })))).status).toBeGreaterThanOrEqual(
      401,
    )
  })

  it.each([
    '{"policy_id":"p","subject":{"type":"tool"},"effect":{"decision":"deny"},"conditions":{"__proto__":1}}',
    '{"policy_id":"p","subject":{"type":"tool"},"effect":{"decision":"deny"},"conditions":{"tool":{"__proto__":1}}}',
    '{"policy_id":"p","subject":{"type":"tool"},"effect":{"decision":"deny"},"__proto__":{"enabled":true}}',
    '{"policy_id":"dry-run","subject":{"type":"tool"},"effect":{"decision":"deny"}}',
    `{"policy_id":"p","subject":{"type":"tool"},"effect":{"decision":"deny"},"conditions":${'{"tool":'.repeat(500)}1${'}'.repeat(500)}}`,
  ])('%.60s… is refused', async (body) => {
    expect((await json(POST(ask('POST', '/api/policies', body)))).status).toBe(400)
  })
})
