import { expect, it } from 'vitest'
import * as annotate from '@/app/(api)/traces/[id]/annotate/route'
import * as annotations from '@/app/(api)/traces/[id]/annotations/route'
import * as label from '@/app/(api)/traces/[id]/label/route'
import * as one from '@/app/(api)/traces/[id]/route'
import * as byEntity from '@/app/(api)/traces/by-entity/route'
import * as byLabel from '@/app/(api)/traces/by-label/route'
import * as exported from '@/app/(api)/traces/export/route'
import * as list from '@/app/(api)/traces/route'
import * as stats from '@/app/(api)/traces/stats/route'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { putTrace } from '@/lib/core/testing/sample-trace'

const KEY = 'daemon-key-of-the-tests'

type Context = { params: Record<string, string> }
type Handler = (request: Request, context?: Context) => Promise<Response>
type Body = Record<string, unknown> & { traces: Record<string, unknown>[]; trace: Record<string, unknown> }

describeEachDialect('trace routes', (dialect) => {
  useKernel(dialect, { env: { AGENT_DAEMON_API_KEY: KEY, CLASPER_DAEMON_ALLOWED_TENANTS: '*' } })

  const ask = async (
    handler: Handler,
    tenant: string,
    path: string,
    body?: object,
    more: Record<string, string> = {},
  ) => {
    const headers = { 'x-agent-daemon-key': KEY, 'x-tenant-id': tenant, 'content-type': 'application/json', ...more }
    const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) }
    const id = path.split('/')[2]?.split('?')[0] ?? ''
    const reply = await handler(new Request(`http://127.0.0.1${path}`, init), { params: { id } })
    const text = await reply.text()
    const parsed = text.startsWith('{') ? (JSON.parse(text) as Body) : ({ text } as unknown as Body)
    return { status: reply.status, body: parsed, headers: reply.headers }
  }

  it('take every spelling of a filter, and refuse two that differ', async () => {
    const { id: tenant } = await newTenant()
    await putTrace(tenant, {}, 1)
    const id = await putTrace(tenant, { agentRole: 'r', labels: { 'a.b "c" ü': 'v' } })
    const label = encodeURIComponent('a.b "c" ü')
    for (const query of [
      'agent_id=r',
      'agent_role=r&agent_id=r',
      `label=${label}`,
      `label=${label}&value=v`,
      `label=${label}&label_value=v`,
      `label_key=${label}&label_value=v`,
      'start_time=2026-03-01T12:00:00.000Z',
      'start_date=2026-03-01T13:00:00%2B01:00&end_time=2027-01-01T00:00:00Z',
      `tenant_id=${tenant}&agent_id=r&unknown=1`,
    ]) {
      const { status, body } = await ask(list.GET, tenant, `/traces?${query}`)
      expect([query, status, body.traces.map((trace) => trace['id'])]).toEqual([query, 200, [id]])
    }
    const found = await ask(byLabel.GET, tenant, `/traces/by-label?label=${label}&value=v`)
    expect(found.body).toMatchObject({ count: 1, total: 1, trace_ids: [id], traceIds: [id] })
    const twice = await ask(list.GET, tenant, '/traces?agent_id=r&agent_role=s')
    expect(twice).toMatchObject({ status: 400, body: { code: 'conflicting_fields' } })
    const bad = await ask(list.GET, tenant, '/traces?limit=101&status=x&cursor=y')
    expect(bad).toMatchObject({ status: 400, body: { error: 'Invalid query parameters', code: 'invalid_request' } })
    expect(Object.keys((bad.body['details'] as { fieldErrors: object }).fieldErrors)).toEqual([
      'status',
      'cursor',
      'limit',
    ])
    const alone = await ask(list.GET, tenant, '/traces?value=v')
    expect(alone).toMatchObject({
      status: 400,
      body: { details: { fieldErrors: { label_key: [expect.any(String)] } } },
    })
    expect((await ask(byEntity.GET, tenant, '/traces/by-entity')).status).toBe(400)
    expect((await ask(byLabel.GET, tenant, '/traces/by-label')).status).toBe(400)
  })

  it('answer in both spellings, with the aliases, and keep what is keyed by data', async () => {
    const { id: tenant } = await newTenant()
    const over = { agentRole: 'r', inputTokens: 3, outputTokens: 4, skillVersions: '{"my_skill":"1.0.0"}' }
    const id = await putTrace(tenant, { ...over, labels: { my_label: 'x' }, inputs: { message: 'm' } })
    const { body } = await ask(list.GET, tenant, '/traces')
    expect(body).toMatchObject({ total: 1, has_more: false, hasMore: false, limit: 50, offset: 0, next_cursor: null })
    expect(body.traces[0]).toMatchObject({
      ...{ id, agent_id: 'r', agentId: 'r', start_time: '2026-03-01T12:00:00.000Z', workspaceId: 'default' },
      ...{ total_tokens: 7, totalTokens: 7, usage: { prompt_tokens: 3, completion_tokens: 4, promptTokens: 3 } },
    })
    expect(body.traces[0]?.['labels']).toEqual({ my_label: 'x' })
    expect(body.traces[0]?.['skillVersions']).toEqual({ my_skill: '1.0.0' })
    expect(body.traces[0]).not.toHaveProperty('input')
    const full = await ask(list.GET, tenant, '/traces?view=full&limit=50')
    expect(full.body).toMatchObject({ limit: 20, traces: [{ input: { message: 'm', messageHistory: 0 }, steps: [] }] })
    const single = await ask(one.GET, tenant, `/traces/${id}`)
    expect(single.body).toMatchObject({
      id,
      agent_id: 'r',
      usage: { prompt_tokens: 3 },
      cost: {},
      labels: { my_label: 'x' },
    })
    expect(single.body).not.toHaveProperty('steps')
    expect(single.body).not.toHaveProperty('input')
    expect((await ask(one.GET, tenant, `/traces/${id}?flat=true`)).body).toMatchObject({ steps: [] })
    const bare = await ask(one.GET, tenant, `/traces/${id}`, undefined, { 'x-clasper-aliases': 'off' })
    expect(Object.keys(bare.body)).toEqual(['trace'])
    const sums = await ask(
      stats.GET,
      tenant,
      '/traces/stats?start_time=2026-03-01T11:59:00Z&end_time=2026-03-01T12:01:00Z',
    )
    expect(sums.body).toMatchObject({ total_traces: 1, stats: { total_traces: 1, totalTraces: 1, error_rate: 0 } })
  })

  it('label and annotate; the same key annotates once', async () => {
    const { id: tenant } = await newTenant()
    const id = await putTrace(tenant, { labels: { old: '1' } })
    const merged = await ask(label.POST, tenant, `/traces/${id}/label`, { labels: { 'a.b': 'x', old: null } })
    expect(merged).toMatchObject({ status: 200, body: { status: 'ok', trace_id: id, labels: { 'a.b': 'x' } } })
    const replaced = await ask(label.POST, tenant, `/traces/${id}/label?mode=replace`, { labels: { c: 'y' } })
    expect(replaced.body['labels']).toEqual({ c: 'y' })
    const note = { key: 'note', value: 'seen' }
    const key = { 'idempotency-key': 'k1' }
    const first = await ask(annotate.POST, tenant, `/traces/${id}/annotate`, note, key)
    expect(first).toMatchObject({ status: 201, body: { status: 'ok', annotation: { trace_id: id, traceId: id } } })
    const again = await ask(annotate.POST, tenant, `/traces/${id}/annotate`, note, key)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(again.body['annotation']).toEqual(first.body['annotation'])
    expect((await ask(annotate.POST, tenant, `/traces/${id}/annotate`, { ...note, value: 'x' }, key)).status).toBe(409)
    const shown = await ask(annotations.GET, tenant, `/traces/${id}/annotations`)
    expect(shown.body['annotations']).toMatchObject([{ key: 'note', value: 'seen', createdBy: expect.any(String) }])
    const other = (await newTenant()).id
    for (const [handler, path, body] of [
      [label.POST, 'label', { labels: { a: 'b' } }],
      [annotate.POST, 'annotate', note],
      [annotations.GET, 'annotations', undefined],
      [one.GET, '', undefined],
    ] as const)
      expect(await ask(handler as Handler, other, `/traces/${id}/${path}`, body)).toMatchObject({
        ...{ status: 404, body: { error: 'Trace not found', code: 'not_found' } },
      })
  })

  it('export a file', async () => {
    const { id: tenant } = await newTenant()
    await putTrace(tenant, { model: 'm', labels: { k: 'v' } })
    const reply = await ask(exported.GET, tenant, '/traces/export?format=csv&label=k')
    expect(reply.status).toBe(200)
    expect(String(reply.body['text']).split('\r\n')).toHaveLength(3)
    expect((await ask(exported.GET, tenant, '/traces/export?format=xml')).status).toBe(400)
  })
})
