import { request } from 'node:http'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createKey } from '@/lib/auth'
import { pendingDecision } from '@/lib/core/testing/approvals'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useFolder } from '@/lib/core/testing/folder'
import { type Issuer, startIssuer } from '@/lib/core/testing/issuer'
import { identityOf, newTenant, scopeOf, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { type McpHouse, mcpClient, startMcpHouse } from '@/lib/core/testing/mcp-house'
import { recordRun } from '@/lib/core/testing/recorded-run'
import type { Role, ServiceScope } from '@/lib/shared/rbac'
import { serve } from './serve'

const READING = [
  'cost_summary',
  'diff_traces',
  'list_approvals',
  'list_mcp_servers',
  'list_skills',
  'list_traces',
  'read_trace',
  'search_traces',
]
// What such a run was given and what came of it; its labels are for everybody.
const TEXTS = /what of |early |prompt about |looks for |zebra.*long/
const UNKNOWN = '01930000-0000-7000-8000-00000000dead'

const issuer: Issuer = await startIssuer()
afterAll(() => issuer.close())

type Told = { value: Record<string, never>; text: string; isError: boolean }

describeEachDialect('Clasper as an MCP server', (dialect) => {
  const folder = useFolder()
  useKernel(dialect, {
    env: { ...issuer.env, CLASPER_WORKSPACES: folder.at('tenants'), CLASPER_RATE_LIMIT_PER_MINUTE: '0' },
  })
  const now: { house?: McpHouse; tenant?: TestTenant } = {}
  const tenant = (): TestTenant => now.tenant ?? expect.unreachable()
  const house = (): McpHouse => now.house ?? expect.unreachable()
  beforeAll(async () => {
    now.house = await startMcpHouse()
  })
  afterAll(() => now.house?.close())
  beforeEach(async () => {
    now.tenant = await newTenant()
  })

  const key = async (scopes: ServiceScope[], of = tenant(), workspaces: string[] = []) => {
    const wanted = { name: 'mcp', scopes, workspace_ids: workspaces, expires_in_days: 1 }
    return { 'x-agent-daemon-key': (await createKey(of.scope, wanted)).secret }
  }
  const person = async (role: Role, of = tenant()) => ({
    authorization: `Bearer ${await issuer.token({ sub: `${role}@${of.id}`, tenant_id: of.id, roles: [role] })}`,
  })
  const toolsOf = async (client: Client) => (await client.listTools()).tools.map(({ name }) => name).sort()
  const use = async (client: Client, name: string, args: Record<string, unknown> = {}): Promise<Told> => {
    const { content, isError = false } = await client.callTool({ name, arguments: args })
    const text = (content as { text: string }[])[0]?.text ?? ''
    return { text, value: JSON.parse(text), isError: isError === true }
  }
  const post = (headers: Record<string, string>, body: unknown, method = 'POST') =>
    fetch(`${house().url}/mcp`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(method === 'POST' ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
    })
  const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' }

  it('offers what a key with the scope read may read, and reads it', async () => {
    const client = await mcpClient(house().url, await key(['read']))
    expect(client.getServerVersion()).toMatchObject({ name: 'clasper' })
    expect(client.getInstructions()).toContain('no instructions')
    expect(await toolsOf(client)).toEqual(READING)
    for (const { annotations } of (await client.listTools()).tools)
      expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false })
    const id = await recordRun(tenant().scope, { word: 'zebra' })
    const other = await recordRun(tenant().scope, { word: 'giraffe' })
    const page = await use(client, 'list_traces', { limit: 1 })
    expect(page).toMatchObject({ isError: false, value: { traces: [{ id: other }], has_more: true, limit: 1 } })
    const next = await use(client, 'list_traces', { limit: 1, cursor: page.value['next_cursor'] })
    expect(next.value).toMatchObject({ traces: [{ id }] })
    expect((await use(client, 'search_traces', { q: 'zebra' })).value).toMatchObject({ traces: [{ id }] })
    const read = await use(client, 'read_trace', { trace_id: id, steps_limit: 1 })
    expect(read.value).toMatchObject({ trace: { id, status: 'success' }, steps: { from: 0 } })
    expect(read.text).toContain('zebra')
    const diff = await use(client, 'diff_traces', { base_trace_id: id, compare_trace_id: other })
    expect(diff.value).toMatchObject({ diff: { trace_ids: { base: id, compare: other } } })
    expect((await use(client, 'cost_summary')).value).toHaveProperty('dashboard')
    expect((await use(client, 'list_skills')).value).toMatchObject({ skills: [] })
    await client.close()
  })

  it('gives people what their role gives them', async () => {
    const viewer = await mcpClient(house().url, await person('viewer'))
    expect(await toolsOf(viewer)).toEqual([
      'cost_summary',
      'list_mcp_servers',
      'list_skills',
      'list_traces',
      'read_trace',
      'search_traces',
    ])
    const refused = await use(viewer, 'list_approvals')
    expect(refused).toMatchObject({ isError: true, value: { code: 'permission_denied' } })
    expect((await tenant().lastAudit())?.eventType).toBe('permission_denied')
    const manager = await mcpClient(house().url, await person('release_manager'))
    expect(await toolsOf(manager)).toEqual(READING)
  })

  it('shows no payload of a run to people below trace:reveal', async () => {
    const id = await recordRun(tenant().scope, { word: 'zebra' })
    const other = await recordRun(tenant().scope, { word: 'giraffe' })
    for (const role of ['viewer', 'operator', 'release_manager'] as const) {
      const client = await mcpClient(house().url, await person(role))
      const read = await use(client, 'read_trace', { trace_id: id })
      expect(read.isError).toBe(false)
      expect(read.text).not.toMatch(TEXTS)
      const [resource] = (await client.readResource({ uri: `clasper://traces/${id}` })).contents
      expect(JSON.stringify(resource)).not.toMatch(TEXTS)
      if (role === 'viewer') continue
      const diff = await use(client, 'diff_traces', { base_trace_id: id, compare_trace_id: other })
      expect(diff.isError).toBe(false)
      expect(diff.text).not.toMatch(TEXTS)
    }
    const admin = await mcpClient(house().url, await person('admin'))
    expect((await use(admin, 'read_trace', { trace_id: id })).text).toMatch(TEXTS)
  })

  it('tells nothing of other tenants and of workspaces outside the fence', async () => {
    const stranger = await newTenant('other')
    const id = await recordRun(stranger.scope, { word: 'zebra' })
    const client = await mcpClient(house().url, await key(['read']))
    const foreign = await use(client, 'read_trace', { trace_id: id })
    const unknown = await use(client, 'read_trace', { trace_id: UNKNOWN })
    expect(foreign).toMatchObject({ isError: true, value: { code: 'not_found' } })
    expect(unknown.value['error']).toBe(foreign.value['error'])
    expect((await use(client, 'list_traces')).value).toMatchObject({ traces: [] })
    expect((await use(client, 'list_traces', { tenant_id: stranger.id })).value).toMatchObject({
      code: 'invalid_request',
    })
    await expect(client.readResource({ uri: `clasper://traces/${id}` })).rejects.toThrow('not found')
    const elsewhere = { ...(await key(['read'])), 'x-tenant-id': stranger.id }
    expect((await post(elsewhere, LIST)).status).toBe(403)
    const mine = await recordRun(tenant().scope, { word: 'mine' })
    const fenced = await mcpClient(house().url, await key(['read'], tenant(), ['elsewhere']))
    expect((await use(fenced, 'list_traces')).value).toMatchObject({ traces: [] })
    expect((await use(fenced, 'read_trace', { trace_id: mine })).value).toMatchObject({ code: 'not_found' })
    expect((await use(fenced, 'list_skills', { workspace_id: 'default' })).isError).toBe(true)
  })

  it('lists resources also for who is limited to several workspaces', async () => {
    const mine = await recordRun(tenant().scope, { word: 'mine' })
    const fenced = await mcpClient(house().url, await key(['read'], tenant(), ['one', 'two']))
    expect((await fenced.listResources()).resources).toEqual([])
    const wide = await mcpClient(house().url, await key(['read'], tenant(), ['one', 'default']))
    expect((await wide.listResources()).resources).toMatchObject([{ name: mine }])
  })

  it('refuses keys without the scope and credentials of other planes', async () => {
    const ingest = await mcpClient(house().url, await key(['ingest']))
    expect(await toolsOf(ingest)).toEqual([])
    expect((await use(ingest, 'list_traces')).value).toMatchObject({
      code: 'permission_denied',
      details: { scope: 'read' },
    })
    expect((await post({}, LIST)).status).toBe(401)
    expect((await post({ 'x-agent-daemon-key': 'clk_wrong' }, LIST)).status).toBe(403)
    expect((await post({ cookie: 'next-auth.session-token=x' }, LIST)).status).toBeGreaterThanOrEqual(401)
  })

  it('takes no session, whatever is sent beside it', async () => {
    const someone = scopeOf(identityOf(tenant().id, 'admin', { sessionId: 'session' }))
    const request = new Request(`${house().url}/mcp`, { method: 'POST', headers: { 'x-ops-api-key': 'x' } })
    await expect(serve(someone, LIST, request)).rejects.toMatchObject({ code: 'missing_credentials' })
  })

  it('decides nothing unless a setting lets it', async () => {
    const id = await pendingDecision(tenant().scope)
    const client = await mcpClient(house().url, await person('release_manager'))
    const { value } = await use(client, 'list_approvals')
    expect(value).toMatchObject({ decisions: [{ decision_id: id, status: 'pending' }], pending: 1 })
    await expect(
      use(client, 'decide_approval', { decision_id: id, action: 'approve', justification: 'it is all right' }),
    ).rejects.toThrow('no such tool')
  })

  it('is no page of others, whatever name it goes by', async () => {
    const headers = await key(['read'])
    expect((await post({ ...headers, origin: 'https://evil.example' }, LIST)).status).toBe(403)
    expect((await post({ ...headers, origin: 'null' }, LIST)).status).toBe(403)
    expect((await post({ ...headers, origin: 'http://127.0.0.1:8081' }, LIST)).status).toBe(200)
    const rebound = await new Promise<number>((resolve) => {
      const sent = request(`${house().url}/mcp`, {
        method: 'POST',
        headers: { ...headers, host: 'evil.example', 'content-type': 'application/json' },
      })
      sent.on('response', (reply) => resolve(reply.resume().statusCode ?? 0))
      sent.end(JSON.stringify(LIST))
    })
    expect(rebound).toBe(403)
  })

  it('answers every kind of message properly', async () => {
    const headers = await key(['read'])
    for (const method of ['GET', 'DELETE']) {
      const reply = await post(headers, null, method)
      expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
    }
    expect((await post(headers, { jsonrpc: '2.0', method: 'notifications/initialized' })).status).toBe(202)
    const bad = ['', '{', '[]', '{}', 'null', '"x"', '{"jsonrpc":"2.0","id":{},"method":"ping"}', [LIST, LIST]]
    for (const body of bad) {
      const reply = await post(headers, body)
      expect([body, reply.status]).toEqual([body, 400])
      expect(await reply.json()).toMatchObject({ code: 'invalid_request' })
    }
    const plain = await post({ ...headers, accept: 'application/json' }, LIST)
    expect(plain.headers.get('content-type')).toContain('application/json')
    expect(await plain.json()).toMatchObject({ jsonrpc: '2.0', id: 1, result: { tools: expect.any(Array) } })
    const lost = await post(headers, { ...LIST, method: 'nonsense' })
    expect(await lost.json()).toMatchObject({ error: { code: -32601 } })
    const old = await post({ ...headers, 'mcp-protocol-version': '1999-01-01' }, LIST)
    expect(old.status).toBe(400)
    expect((await post({ ...headers, 'content-type': 'text/plain' }, LIST)).status).toBe(415)
  })

  it('takes hostile arguments for what they are', async () => {
    const client = await mcpClient(house().url, await key(['read']))
    const tries: [string, Record<string, unknown>][] = [
      ['list_traces', { limit: 51 }],
      ['list_traces', { limit: -1 }],
      ['list_traces', { cursor: 'x'.repeat(5_000) }],
      ['list_traces', { unknown: true }],
      ['list_traces', { offset: 3 }],
      ['search_traces', {}],
      ['search_traces', { q: '' }],
      ['read_trace', { trace_id: '../..' }],
      ['read_trace', { trace_id: UNKNOWN, steps_limit: 100_000 }],
      ['diff_traces', { base_trace_id: UNKNOWN }],
      ['cost_summary', { days: 100_000 }],
      ['list_approvals', { status: 'nonsense' }],
    ]
    for (const [name, args] of tries)
      expect([name, args, (await use(client, name, args)).value]).toMatchObject([
        name,
        args,
        { code: 'invalid_request' },
      ])
    for (const q of ["' OR 1=1 --", '"', '*', 'a:b', '(', 'é中文'])
      expect((await use(client, 'search_traces', { q })).isError).toBe(false)
    await expect(client.callTool({ name: 'search_traces', arguments: { q: 'a\u0000b' } })).rejects.toThrow()
    await expect(client.callTool({ name: 'constructor' })).rejects.toThrow('no such tool')
  })

  it('has runs and skills as resources', async () => {
    folder.below('tenants').below(tenant().id).below('default').write({
      'skills/look/SKILL.md': '---\nname: look\ndescription: Looks\nallowed-tools: "mcp:calc:*"\n---\nLook closely.\n',
    })
    const id = await recordRun(tenant().scope, { word: 'zebra' })
    const client = await mcpClient(house().url, await key(['read']))
    const { resourceTemplates } = await client.listResourceTemplates()
    expect(resourceTemplates).toHaveLength(2)
    const { resources } = await client.listResources()
    const uris = resources.map(({ uri }) => uri)
    expect(uris).toEqual([`clasper://traces/${id}`, 'clasper://skills/default/look'])
    const [skill] = (await client.readResource({ uri: 'clasper://skills/default/look' })).contents
    expect(skill).toMatchObject({ mimeType: 'application/json' })
    expect(JSON.stringify(skill)).toContain('Look closely.')
    for (const uri of [
      'clasper://skills/default/none',
      'clasper://skills/default/look/closer',
      'clasper://skills/../look',
      'clasper://x',
      'file:///etc/passwd',
    ])
      await expect(client.readResource({ uri })).rejects.toThrow()
  })
})
