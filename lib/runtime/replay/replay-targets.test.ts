import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { demoRuns, lastTrace } from '@/lib/core/testing/demo-runs'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { replayer } from '@/lib/core/testing/replayer'
import { changeToolSettings } from '@/lib/tools'
import { replayContext } from './replay-context'
import { replayTrace } from './replay-trace'

type Json = Record<string, unknown>

const CANARY = 'CANARY-7f3a'
const strict = { mode: 'strict' as const }

describeEachDialect('what a run is replayed against', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect, { env: { CLASPER_RETRY_DELAY_MS: '1' } })
  beforeEach(() => house.provider.reset())
  const { replay, context } = replayer()

  const withSoul = async <T>(text: string, work: () => Promise<T>): Promise<T> => {
    const path = join(house.workspace, 'SOUL.md')
    const before = readFileSync(path, 'utf8')
    writeFileSync(path, text)
    try {
      return await work()
    } finally {
      writeFileSync(path, before)
    }
  }
  const play = (tenant: AgentTenant) =>
    demoRuns['a tool, words before it, and an answer']?.(house, tenant) ?? Promise.reject(new Error('no such run'))
  const rowOf = (tenant: AgentTenant, id: unknown) =>
    systemDb().trace.findFirstOrThrow({ where: { tenantId: tenant.id, id: String(id) }, include: { labels: true } })
  const change = (tenant: AgentTenant, id: string, data: object) =>
    systemWrite(({ client }) => client.trace.updateMany({ where: { tenantId: tenant.id, id }, data }))

  it('a changed soul: the first step that would differ is named, and nothing is asked', async () => {
    const tenant = house.tenant()
    const id = await play(tenant)
    const asked = house.provider.requests().length
    const { status, body } = await withSoul(`${CANARY} is a soul.\n`, () =>
      replay(tenant, id, { workspace_version: 'current' }),
    )
    expect({ status, ...body }).toMatchObject({ status: 'diverged', first_divergence: { step: 1, kind: 'prompt' } })
    expect(String((body['first_divergence'] as Json)['what'])).toContain(CANARY)
    expect(house.provider.requests()).toHaveLength(asked)
    const row = await rowOf(tenant, body['trace_id'])
    expect(row).toMatchObject({ status: 'cancelled', stopReason: 'diverged', replayOf: id, costMicroUsd: 0n })
    expect(row.labels).toMatchObject([{ key: 'replay_of', value: id }])
    expect(row.workspaceHash).not.toBe((await rowOf(tenant, id)).workspaceHash)
    expect(body['diff']).toMatchObject({ workspace: { changed: true }, trace_ids: { base: id, compare: row.id } })
    expect((await tenant.audits()).filter((event) => event === 'trace_replayed')).toHaveLength(1)
    const { body: same } = await replay(tenant, id, {})
    expect(same).toMatchObject({ status: 'completed', mode: 'strict' })
    const { body: named } = await replay(tenant, id, { workspace_version: String(row.workspaceHash).slice(0, 16) })
    expect(named).toMatchObject({ status: 'diverged', replay_config: { workspace_version: row.workspaceHash } })
  })

  it('names model, parameters and tools that are others', async () => {
    const tenant = house.tenant()
    const id = await play(tenant)
    const kinds = async (body: object) => (await replay(tenant, id, body)).body['first_divergence']
    expect(await kinds({ model: 'gpt-4o' })).toMatchObject({ step: 1, kind: 'model' })
    expect(await kinds({ provider: 'anthropic', model: 'claude-3-5-haiku-20241022' })).toMatchObject({ kind: 'model' })
    expect(await kinds({ temperature: 0 })).toMatchObject({ step: 1, kind: 'parameters' })
    expect(await kinds({ temperature: 0.4, model: 'gpt-4o-mini', provider: 'openai' })).toBeUndefined()
    await changeToolSettings(scopeOf(identityOf(tenant.id)), { denied_tools: ['order_lookup'] })
    const found = await kinds({})
    expect(found).toMatchObject({ step: 1, kind: 'tools' })
    expect(String((found as Json)['what'])).toContain('missing: order_lookup')
  })

  it('says of tools that a version newly grants that the record does not know them', async () => {
    const tenant = house.tenant()
    const id = await play(tenant)
    const path = join(house.workspace, 'skills/order-lookup/SKILL.md')
    const before = readFileSync(path, 'utf8')
    writeFileSync(path, before.replace(/allowed-tools:\s*/, 'allowed-tools: refund_create '))
    const { body } = await replay(tenant, id, { workspace_version: 'current' })
    writeFileSync(path, before)
    expect(body).toMatchObject({ status: 'diverged', first_divergence: { step: 1, kind: 'tools' } })
  })

  it('refuses what cannot be met, each for its reason', async () => {
    const tenant = house.tenant()
    const id = await play(tenant)
    const said = async (body: object) => {
      const { status, body: reply } = await replay(tenant, id, body)
      return [status, reply['code'] ?? reply['status']]
    }
    expect(await said({ skill_version: '1.0.0' })).toEqual([400, 'invalid_request'])
    expect(await said({ skill_versions: { refunds: '2' } })).toEqual([400, 'invalid_request'])
    expect(await said({ skill_versions: {} })).toEqual([200, 'completed'])
    expect(await said({ workspace_version: 'f'.repeat(16) })).toEqual([404, 'not_found'])
    expect(await said({ workspace_version: 'soul' })).toEqual([400, 'invalid_request'])
    expect(await said({ mode: 'wild' })).toEqual([400, 'invalid_request'])
    expect(await said({ model: 'anthropic/claude-3-5-haiku-20241022', provider: 'openai' })).toEqual([
      400,
      'conflicting_fields',
    ])
    expect(await said({ model: 'demo/no-such-model', mode: 'semantic' })).toEqual([400, 'invalid_request'])
    expect(await said({ temperature: 3 })).toEqual([400, 'invalid_request'])
  })

  it('refuses records that do not hold enough, and says so when asked what they hold', async () => {
    const tenant = house.tenant()
    const id = await play(tenant)
    const refusal = async () => {
      const [{ status, body }, shown] = [await replay(tenant, id), await context(tenant, id)]
      expect(shown).toMatchObject({ status: 200, body: { is_replayable: false } })
      expect(String(body['error'])).toContain(String(shown.body['reason']))
      return [status, body['code']]
    }
    for (const data of [{ storage: 'minimal' }, { origin: 'otlp' }, { status: 'running' }]) {
      await change(tenant, id, data)
      expect(await refusal()).toEqual([409, 'not_replayable'])
      await change(tenant, id, { storage: 'full', origin: 'run', status: 'success' })
    }
    const where = { tenantId: tenant.id }
    const { inputs } = await systemDb().traceContent.findFirstOrThrow({ where: { ...where, traceId: id } })
    const put = (text: string) =>
      systemWrite(({ client }) =>
        client.traceContent.updateMany({ where: { ...where, traceId: id }, data: { inputs: text } }),
      )
    const { composed_at: _at, ...old } = JSON.parse(inputs) as Json
    await put(JSON.stringify(old))
    expect(await refusal()).toEqual([409, 'not_replayable'])
    await put(inputs)
    expect((await replay(tenant, id)).body).toMatchObject({ status: 'completed' })
    await systemWrite(({ client }) => client.bundleSnapshot.deleteMany({ where }))
    const other = house.tenant()
    const lone = await play(other)
    await systemWrite(({ client }) => client.bundleSnapshot.deleteMany({ where: { tenantId: other.id } }))
    expect(await replay(other, lone)).toMatchObject({ status: 409, body: { code: 'not_replayable' } })
  })

  it('is the same 404 for a foreign trace as for none, also where its version is known', async () => {
    const [mine, theirs] = [house.tenant(), house.tenant()]
    const id = await play(mine)
    const { workspaceHash } = await rowOf(mine, id)
    const foreign = await replay(theirs, id)
    const none = await replay(theirs, '01920000-0000-7000-8000-000000000000')
    const { request_id: _a, ...one } = foreign.body
    const { request_id: _b, ...two } = none.body
    expect([foreign.status, one]).toEqual([404, two])
    expect([none.status, (await context(theirs, id)).status]).toEqual([404, 404])
    const own = await withSoul('Another one.', () => play(theirs))
    const { status } = await replay(theirs, own, { workspace_version: String(workspaceHash) })
    expect(status).toBe(404)
  })

  it('shows all that was given, and to operators none of its words', async () => {
    const tenant = house.tenant()
    const { body: sent } = await withSoul(`Call ada@example.com, ${CANARY}`, () =>
      tenant.json(
        'send',
        tenant.say(`${CANARY} asks`, { messages: [{ role: 'user', content: CANARY }], metadata: { note: CANARY } }),
      ),
    )
    const id = String(sent['trace_id'])
    const { body } = await context(tenant, id)
    expect(body).toMatchObject({
      trace_id: id,
      original_request: {
        message: `${CANARY} asks`,
        messages: [{ role: 'user', content: CANARY }],
        metadata: { note: CANARY },
      },
      temperature: 0.4,
      model: 'gpt-4o-mini',
      provider: 'openai',
      is_replayable: true,
      withheld: false,
    })
    const { hash, files } = body['workspace_snapshot'] as { hash: string; files: Json }
    expect(hash).toBe((await rowOf(tenant, id)).workspaceHash)
    expect(files['SOUL.md']).toBe(`Call [EMAIL], ${CANARY}`)
    expect(String(body['system_prompt'])).toContain(CANARY)

    const operator = scopeOf(identityOf(tenant.id, 'operator'))
    const shown = await replayContext(operator, id)
    expect(shown).toMatchObject({ withheld: true, is_replayable: true })
    expect(Object.keys(shown.workspace_snapshot.files)).toEqual(Object.keys(files))
    const again = await replayTrace(operator, id, { ...strict, workspace_version: 'current' })
    expect(again).toMatchObject({ status: 'diverged', first_divergence: { step: 1, kind: 'prompt' } })
    expect(JSON.stringify([shown, again])).not.toContain(CANARY)
    expect((await tenant.audits()).filter((event) => event === 'trace_revealed')).toEqual([])
    await replayContext(scopeOf(identityOf(tenant.id, 'admin')), id)
    expect((await tenant.audits()).filter((event) => event === 'trace_revealed').length).toBeGreaterThan(0)
  })

  it('goes side by side, each time as a trace of its own', async () => {
    const tenant = house.tenant()
    const id = await play(tenant)
    const replies = await Promise.all(Array.from({ length: 8 }, () => replay(tenant, id)))
    expect(replies.map(({ body }) => body['status'])).toEqual(Array.from({ length: 8 }, () => 'completed'))
    expect(new Set(replies.map(({ body }) => body['trace_id'])).size).toBe(8)
    expect(await lastTrace(tenant)).not.toBe(id)
    const trace = await tenant.trace(String(replies[0]?.body['trace_id']))
    expect(trace).toMatchObject({ origin: 'replay', integrity_status: 'verified', replay_of: id })
  })
})
