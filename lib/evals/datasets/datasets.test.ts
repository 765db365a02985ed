import { beforeEach, expect, it } from 'vitest'
import { type AgentHouse, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { lastTrace } from '@/lib/core/testing/demo-runs'
import { evaluator } from '@/lib/core/testing/evaluator'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { changeItem, itemToCase, listQueue, queueTraces } from '@/lib/evals'
import { addTraces } from './from-traces'
import { exportDataset, listDatasets } from './read-dataset'
import { saveCases } from './save-dataset'

type Json = Record<string, unknown>

const one = (id: string, input = id, more: object = {}) => ({ id, input, ...more })

describeEachDialect('datasets', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect, { env: { CLASPER_RETRY_ATTEMPTS: '1', LLM_MODEL_FALLBACK: '' } })
  beforeEach(() => house.provider.reset())

  const saver = (tenant: { id: string }) => {
    const { ask } = evaluator(tenant)
    const save = (body: object) => ask('save', { body: { name: 'd', ...body } })
    const idsAt = async (version?: number) => {
      const query = version === undefined ? '' : `version=${version}`
      const { body } = await ask('dataset', { params: { name: 'd' }, query })
      return (body['cases'] as Json[]).map(({ id, input }) => `${String(id)}=${String(input)}`)
    }
    return { ask, save, idsAt }
  }

  it('keep every version as it was', async () => {
    const tenant = house.tenant()
    const { ask, save, idsAt } = saver(tenant)
    const first = await save({ cases: [one('a'), one('b'), one('c')], message: 'first' })
    expect({ status: first.status, ...first.body }).toMatchObject({
      status: 'ok',
      is_new: true,
      dataset: { version: 1, case_count: 3 },
    })
    expect((await save({ cases: [one('a'), one('b'), one('c')] })).body).toMatchObject({
      is_new: false,
      dataset: { version: 1 },
    })
    await save({ mode: 'merge', cases: [one('b', 'other'), one('d')] })
    await save({ mode: 'remove', ids: ['a'] })
    await save({ cases: [one('c'), one('b', 'other')] })
    expect(await idsAt(1)).toEqual(['a=a', 'b=b', 'c=c'])
    expect(await idsAt(2)).toEqual(['a=a', 'b=other', 'c=c', 'd=d'])
    expect(await idsAt(3)).toEqual(['b=other', 'c=c', 'd=d'])
    expect(await idsAt()).toEqual(['c=c', 'b=other'])
    const shown = await ask('dataset', { params: { name: 'd' } })
    expect((shown.body['versions'] as Json[]).map(({ version, case_count: count }) => [version, count])).toEqual([
      [4, 2],
      [3, 3],
      [2, 4],
      [1, 3],
    ])
    const changes = await ask('diff', { params: { name: 'd' }, query: 'from=1&to=4' })
    expect(changes.body).toMatchObject({ added: [], removed: [{ id: 'a' }], changed: ['b'] })
    expect((await ask('dataset', { params: { name: 'd' }, query: 'version=9' })).status).toBe(404)
    const kinds = (await tenant.audits()).filter((event) => event === 'config_change')
    expect(kinds).toHaveLength(4)
  })

  it('the same content has the same hash, whatever way it came there', async () => {
    const [x, y] = [saver(house.tenant()), saver(house.tenant())]
    const whole = await x.save({ cases: [one('a'), one('b')] })
    await y.save({ cases: [one('a')] })
    const merged = await y.save({ mode: 'merge', cases: [one('b')] })
    const hash = ({ body }: { body: Json }) => (body['dataset'] as Json)['content_hash']
    expect(hash(merged)).toBe(hash(whole))
  })

  it('are saved by many at once, and nobody is lost; who read another version is refused', async () => {
    const tenant = house.tenant()
    const { save, idsAt } = saver(tenant)
    await save({ cases: [one('a')] })
    const scope = scopeOf(identityOf(tenant.id))
    const names = ['b', 'c', 'd', 'e']
    await Promise.all(names.map((id) => saveCases(scope, { name: 'd', mode: 'merge', cases: [one(id)] })))
    expect((await idsAt()).sort()).toEqual(['a=a', 'b=b', 'c=c', 'd=d', 'e=e'])
    const stale = await save({ cases: [one('z')], expected_version: 1 })
    expect({ status: stale.status, code: stale.body['code'] }).toEqual({ status: 409, code: 'version_conflict' })
    expect((await save({ cases: [one('z')], expected_version: 5 })).status).toBe(201)
    expect((await save({ name: 'new', cases: [one('z')], expected_version: 1 })).status).toBe(409)
  })

  it('come from text, and what is wrong in it is told with its line', async () => {
    const { save, idsAt } = saver(house.tenant())
    expect((await save({ format: 'csv', content: 'id,input\na,x\nb,y\n' })).status).toBe(201)
    expect(await idsAt()).toEqual(['a=x', 'b=y'])
    const bad = await save({ format: 'jsonl', content: '{"input":"a"}\nnot json\n' })
    expect(bad.status).toBe(400)
    expect(JSON.stringify(bad.body['details'])).toContain('line 2')
    expect((await save({ content: '[]', cases: [one('a')] })).body['code']).toBe('conflicting_fields')
    expect((await save({ cases: [] })).status).toBe(400)
    expect((await save({ name: '../etc', cases: [one('a')] })).status).toBe(400)
    expect((await save({ cases: [one('a', 'x', { scorers: [{ type: 'regex', pattern: '(' }] })] })).status).toBe(400)
  })

  it('belong to their tenant', async () => {
    const [mine, other] = [house.tenant(), house.tenant()]
    await saver(mine).save({ cases: [one('secret')] })
    const foreign = saver(other)
    expect((await foreign.ask('dataset', { params: { name: 'd' } })).status).toBe(404)
    expect((await foreign.ask('datasets')).body).toMatchObject({ datasets: [], total: 0 })
    await foreign.save({ cases: [one('own')] })
    expect(await saver(mine).idsAt()).toEqual(['secret=secret'])
  })

  it('a run of a saved dataset names its version, and an older one may be run', async () => {
    const tenant = house.tenant()
    const { save } = saver(tenant)
    house.provider.answer(() => ({ text: 'yes' }))
    await save({ cases: [one('a', 'A?', { expected_output: 'yes' })] })
    await save({ mode: 'merge', cases: [one('b', 'B?', { expected_output: 'no' })] })
    const { run } = evaluator(tenant)
    expect((await run({ dataset: { name: 'd' } })).body).toMatchObject({
      status: 'failed',
      result: { dataset_version: 2, case_count: 2 },
    })
    expect((await run({ dataset: { name: 'd', version: 1 } })).body).toMatchObject({
      status: 'passed',
      result: { dataset_version: 1 },
    })
    expect((await run({ dataset: { name: 'd', version: 7 } })).status).toBe(404)
  })

  const trace = async (tenant: ReturnType<AgentHouse['tenant']>, message: string, more: object = {}) => {
    const lookup = { toolCalls: [{ id: 'c1', name: 'order_lookup', arguments: { order_id: '1001' } }] }
    house.provider.reset()
    house.provider.script(lookup, { text: 'It has arrived.' })
    await tenant.json('send', tenant.say(message, more))
    return lastTrace(tenant)
  }

  it('grow from what runs were asked; what was masked stays masked', async () => {
    const tenant = house.tenant()
    const id = await trace(tenant, 'Where is 1001? Mail ada.lovelace@example.com', {
      messages: [
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Good day' },
      ],
    })
    const { ask } = evaluator(tenant)
    const body = {
      create: true,
      trace_ids: [id, '01930000-0000-7000-8000-00000000dead'],
      expect_answer: true,
      with_mocks: true,
      expect_tool_calls: true,
    }
    const added = await ask('traces', { params: { name: 'd' }, body })
    expect(added.body).toMatchObject({
      added: 1,
      dataset: { version: 1 },
      skipped: [{ reason: 'There is no such trace.' }],
    })
    const { body: shown } = await ask('dataset', { params: { name: 'd' } })
    const [made] = shown['cases'] as Json[]
    expect(made).toMatchObject({
      id: `trace-${id}`,
      trace_id: id,
      expected_output: 'It has arrived.',
      expected_tool_calls: ['order_lookup'],
      history: [
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Good day' },
      ],
    })
    expect(JSON.stringify(shown)).not.toContain('ada.lovelace@example.com')
    expect(Object.keys(made?.['mocks'] as Json)).toEqual(['order_lookup'])
    const again = await ask('traces', { params: { name: 'd' }, body: { trace_ids: [id] } })
    expect(again.body).toMatchObject({ added: 1, dataset: { version: 2, case_count: 1 } })
    house.provider.reset()
    house.provider.script(
      { toolCalls: [{ id: 'c1', name: 'order_lookup', arguments: { order_id: '1001' } }] },
      { text: 'So.' },
    )
    const run = await evaluator(tenant).run({ dataset: { name: 'd', version: 1 } })
    expect(run.body).toMatchObject({ summary: { total: 1, errors: 0 } })
    expect(JSON.stringify(house.provider.requests()[0]?.body)).toContain('Good day')
  })

  it('take texts of runs only from whoever may see them, and the taking leaves a row', async () => {
    const tenant = house.tenant()
    const id = await trace(tenant, 'Where is 1001?')
    const wish = { create: true, trace_ids: [id], expect_answer: false, expect_tool_calls: false, with_mocks: false }
    const operator = scopeOf(identityOf(tenant.id, 'operator'))
    await expect(addTraces(operator, 'd', wish)).rejects.toMatchObject({ code: 'permission_denied' })
    const before = (await tenant.audits()).length
    await addTraces(scopeOf(identityOf(tenant.id)), 'd', wish)
    expect((await tenant.audits()).slice(before).sort()).toEqual(['config_change', 'trace_revealed'])
    const fenced = scopeOf(identityOf(tenant.id, 'admin', { workspaceIds: ['elsewhere'] }))
    await expect(addTraces(fenced, 'e', wish)).rejects.toMatchObject({ code: 'invalid_request' })
    // What was said in a workspace stays with those who may enter it.
    const listed = await listDatasets(fenced, { archived: 'false', limit: 10, offset: 0 })
    expect(listed).toMatchObject({ datasets: [], total: 0 })
    await expect(exportDataset(fenced, 'd', { format: 'jsonl' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(saveCases(fenced, { name: 'd', mode: 'merge', cases: [one('x')] })).rejects.toMatchObject({
      code: 'workspace_access_denied',
    })
    const open = scopeOf(identityOf(tenant.id, 'viewer', { workspaceIds: ['default'] }))
    expect(await (await exportDataset(open, 'd', { format: 'jsonl' })).text()).toContain('Where is 1001?')
  })

  it('made of a run stay so, whoever edits the case or carries it elsewhere', async () => {
    const tenant = house.tenant()
    const id = await trace(tenant, 'Where is 1001?')
    const { ask } = evaluator(tenant)
    await ask('traces', { params: { name: 'd' }, body: { create: true, trace_ids: [id] } })
    const edited = [one(`trace-${id}`, 'Where is 1001?', { expected_output: 'Here.' })]
    await ask('save', { body: { name: 'd', mode: 'merge', cases: edited } })
    await ask('save', { body: { name: 'copy', cases: edited } })
    for (const name of ['d', 'copy']) {
      const { body } = await ask('dataset', { params: { name } })
      expect(body['cases']).toMatchObject([{ trace_id: id, expected_output: 'Here.' }])
    }
    const fenced = scopeOf(identityOf(tenant.id, 'admin', { workspaceIds: ['elsewhere'] }))
    await expect(exportDataset(fenced, 'copy', { format: 'jsonl' })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('an item is one person’s at a time, and one case comes of it', async () => {
    const tenant = house.tenant()
    const id = await trace(tenant, 'Where is 1001?')
    const admin = scopeOf(identityOf(tenant.id))
    const { items } = await queueTraces(admin, { queue: 'bad', trace_ids: [id] })
    const item = items[0]?.id ?? ''
    const claims = await Promise.allSettled(
      ['ada', 'ben'].map((name) => changeItem(admin, item, { assigned_to: name })),
    )
    expect(claims.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(changeItem(admin, item, { assigned_to: 'eve' })).rejects.toMatchObject({ code: 'version_conflict' })
    await changeItem(admin, item, { assigned_to: null })
    await changeItem(admin, item, { assigned_to: 'eve', expected: 'Here.' })
    const made = await Promise.allSettled(['x', 'y'].map((dataset) => itemToCase(admin, item, { dataset })))
    expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(itemToCase(admin, item, { dataset: 'z' })).rejects.toMatchObject({ code: 'already_resolved' })
    expect((await listDatasets(admin, { archived: 'false', limit: 10, offset: 0 })).total).toBe(1)
  })

  it('people look at traces, say what would have been good, and a case comes of it', async () => {
    const tenant = house.tenant()
    const id = await trace(tenant, 'Where is 1001?')
    const admin = scopeOf(identityOf(tenant.id))
    const queued = await queueTraces(admin, { queue: 'bad', trace_ids: [id], reason: 'thumbs down' })
    expect(queued).toMatchObject({ added: 1, known: 0, items: [{ status: 'waiting', trace_id: id }] })
    expect(await queueTraces(admin, { queue: 'bad', trace_ids: [id, id] })).toMatchObject({ added: 0, known: 1 })
    const item = queued.items[0]?.id ?? ''
    const operator = scopeOf(identityOf(tenant.id, 'operator'))
    await changeItem(operator, item, { assigned_to: 'ada' })
    await expect(itemToCase(admin, item, { dataset: 'd' })).rejects.toMatchObject({ code: 'invalid_request' })
    await changeItem(operator, item, { expected: 'It arrived on Monday.', note: 'was too short' })
    expect(await listQueue(operator, { assigned_to: 'ada', limit: 10, offset: 0 })).toMatchObject({
      total: 1,
      items: [{ status: 'done', expected: 'It arrived on Monday.' }],
      queues: [{ queue: 'bad', waiting: 0, done: 1, skipped: 0 }],
    })
    await expect(itemToCase(operator, item, { dataset: 'd' })).rejects.toMatchObject({ code: 'permission_denied' })
    expect(await itemToCase(admin, item, { dataset: 'd' })).toMatchObject({
      dataset_version: 1,
      item: { case_id: `trace-${id}` },
    })
    await expect(changeItem(admin, item, { note: 'late' })).rejects.toMatchObject({ code: 'already_resolved' })
    const { body } = await evaluator(tenant).ask('dataset', { params: { name: 'd' } })
    expect(body['cases']).toMatchObject([{ input: 'Where is 1001?', expected_output: 'It arrived on Monday.' }])
    const foreign = scopeOf(identityOf(house.tenant().id))
    await expect(changeItem(foreign, item, { note: 'x' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(queueTraces(foreign, { queue: 'bad', trace_ids: [id] })).rejects.toMatchObject({ code: 'not_found' })
    const fenced = scopeOf(identityOf(tenant.id, 'admin', { workspaceIds: ['elsewhere'] }))
    expect(await listQueue(fenced, { limit: 10, offset: 0 })).toMatchObject({ items: [], total: 0, queues: [] })
    await expect(changeItem(fenced, item, { note: 'x' })).rejects.toMatchObject({ code: 'not_found' })
  })
})
