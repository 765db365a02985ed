import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { seesTexts } from '@/lib/core/reach'
import { systemDb } from '@/lib/core/system-db'
import { type AgentHouse, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { evaluator } from '@/lib/core/testing/evaluator'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import type { MockRequest } from '@/lib/core/testing/mock-provider/start-mock-provider'
import { EvalBody } from '../contract'
import { getEval } from './get-eval'
import { runEval } from './run-eval'

type Json = Record<string, unknown>

const PLACES: Record<string, string> = { France: 'Paris', Italy: 'Rome', Spain: 'Madrid' }

// Everything that the model was sent, and the last thing of it that a person said.
const sent = ({ body }: MockRequest): string => JSON.stringify(body)
const CASES = [
  { id: 'fr', input: 'Capital of France?', expected_output: 'Paris', tags: ['easy'] },
  { id: 'it', input: 'Capital of Italy?', expected_output: 'Rome' },
  { id: 'es', input: 'Capital of Spain?', expected_output: 'Lisbon', name: 'a wrong key' },
  { id: 'open', input: 'Say anything.' },
]
const DATASET = { name: 'capitals', cases: CASES }

describeEachDialect('an evaluation', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect, {
    env: { CLASPER_RETRY_ATTEMPTS: '1', LLM_MODEL_FALLBACK: '' },
  })
  beforeEach(() => {
    house.provider.reset()
    house.provider.answer((request) => {
      const text = sent(request)
      const place = Object.keys(PLACES).find((name) => text.includes(name))
      return place ? { text: PLACES[place] ?? '' } : undefined
    })
  })
  const backend = () => {
    const { store } = house.backend
    const tables = store.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return JSON.stringify(tables.map(({ name }) => [name, store.all(`SELECT * FROM "${String(name)}"`)]))
  }

  it('scores what the agent really answers, charged and traced, and says nothing to the backend', async () => {
    const tenant = house.tenant()
    const before = backend()
    const { run, get } = evaluator(tenant)
    const { status, body } = await run({ dataset: DATASET, options: { model: 'gpt-4o-mini' } })
    expect((body['results'] as Json[]).flatMap(({ error }) => error ?? [])).toEqual([])
    expect({ status, ...body }).toMatchObject({
      status: 'failed',
      state: 'completed',
      summary: { total: 4, passed: 2, failed: 1, errors: 0, inconclusive: 1, pending: 0 },
      result: { dataset_name: 'capitals', model: 'openai/gpt-4o-mini', case_count: 4, pass_count: 2 },
    })
    const results = body['results'] as Json[]
    expect(results.map(({ case_id, status: of, actual_output }) => [case_id, of, actual_output])).toEqual([
      ['fr', 'passed', 'Paris'],
      ['it', 'passed', 'Rome'],
      ['es', 'failed', 'Madrid'],
      ['open', 'inconclusive', expect.stringContaining('mock provider')],
    ])
    const rows = await systemDb().trace.findMany({ where: { tenantId: tenant.id } })
    expect(rows).toHaveLength(4)
    for (const row of rows)
      expect(row).toMatchObject({
        kind: 'eval',
        status: 'success',
        delivery: 'none',
        taskId: null,
        correlationId: body['id'],
      })
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(results.map(({ trace_id }) => trace_id)))
    const lines = await tenant.ledger()
    expect(lines.map(({ state, kind }) => [state, kind])).toEqual(Array(4).fill(['settled', 'eval']))
    const cost = lines.reduce((sum, line) => sum + Number(line.costMicroUsd), 0)
    expect(cost).toBeGreaterThan(0)
    expect((body['summary'] as Json)['total_cost']).toBeCloseTo(cost / 1e6, 9)
    expect(backend()).toBe(before)
    expect((await tenant.audits()).filter((event) => event === 'eval_run')).toHaveLength(2)
    const again = await get(body['id'])
    expect(again.body).toMatchObject({ id: body['id'], summary: body['summary'] as object })
    const { cases } = again.body['result'] as { cases: Json[] }
    expect(cases[2]).toMatchObject({
      ...{ case_name: 'a wrong key', passed: false, expected_output: 'Lisbon', actual_output: 'Madrid' },
      scores: { exact_match: 0, semantic_similarity: 0, tool_call_match: 1 },
    })
    expect(cases[3]).toMatchObject({ status: 'inconclusive', passed: false, score: null })
  })

  it('a dataset may stand at the top, and spelled twice otherwise is refused', async () => {
    const { run } = evaluator(house.tenant())
    const { status, body } = await run({ ...DATASET, cases: CASES.slice(0, 2) })
    expect({ status, state: body['status'] }).toEqual({ status: 200, state: 'passed' })
    expect((await run({ name: 'other', dataset: DATASET })).body['code']).toBe('conflicting_fields')
    expect((await run({ dataset: { name: 'unknown' } })).status).toBe(404)
    expect((await run({ dataset: { name: 'x', cases: [] } })).status).toBe(400)
    expect((await run({})).status).toBe(400)
    expect((await run({ dataset: DATASET, version_hash: 'deadbeef00' })).status).toBe(404)
    expect((await run({ dataset: DATASET, options: { skill_name: 'no-such-skill' } })).status).toBe(404)
    expect((await run({ dataset: DATASET, options: { parallel: 17 } })).status).toBe(400)
  })

  it('tools answer what the case says; others are not called, and what is expected of them is scored', async () => {
    const tenant = house.tenant()
    const before = backend()
    house.provider.answer(() => undefined)
    const call = { id: 'c1', name: 'order_lookup', arguments: { order_id: '1001' } }
    const post = { id: 'c2', name: 'message_post', arguments: { content: 'posted by an evaluation' } }
    house.provider.script({ toolCalls: [call, post] }, { text: 'It has arrived.' })
    const { run } = evaluator(tenant)
    const asked = {
      id: 'order',
      input: 'Where is 1001?',
      expected_tool_calls: [{ name: 'order_lookup', arguments: { order_id: '1001' } }],
      mocks: { order_lookup: { returns: { status: 'lost at sea' } } },
    }
    const { body } = await run({ dataset: { name: 'orders', cases: [asked] } })
    const [one] = (body['result'] as { cases: Json[] }).cases
    expect(one).toMatchObject({ scores: { tool_call_match: 0.9 }, status: 'passed' })
    expect(one?.['actual_tool_calls']).toMatchObject([
      { name: 'order_lookup', success: true },
      { name: 'message_post', success: false },
    ])
    const [, second] = house.provider.requests()
    expect(JSON.stringify(second?.body)).toContain('lost at sea')
    expect(JSON.stringify(second?.body)).toContain('not mocked')
    expect(backend()).toBe(before)
  })

  it('a mock that throws is told to the model, and a failing provider is an error of the case alone', async () => {
    const tenant = house.tenant()
    house.provider.answer((request) => {
      if (sent(request).includes('Spain')) return { status: 500 }
      if (sent(request).includes('the shelf fell')) return { text: 'Sorry.' }
      return { toolCalls: [{ id: 'c1', name: 'order_lookup', arguments: { order_id: '1' } }] }
    })
    const { run } = evaluator(tenant)
    const cases = [
      { id: 'throws', input: 'Look', expected_output: 'Sorry.', mocks: { order_lookup: { throws: 'the shelf fell' } } },
      { id: 'broken', input: 'Spain', expected_output: 'x' },
    ]
    const { body } = await run({ dataset: { name: 'bad', cases } })
    expect(body).toMatchObject({ status: 'failed', summary: { passed: 1, errors: 1 } })
    expect((body['results'] as Json[])[1]).toMatchObject({
      status: 'error',
      error: expect.stringContaining('provider_error'),
    })
  })

  it('repeats, with confidence, and says which cases are fickle', async () => {
    const tenant = house.tenant()
    const state = { asked: 0 }
    house.provider.answer(() => ({ text: ++state.asked % 3 === 0 ? 'no' : 'yes' }))
    const { run } = evaluator(tenant)
    const cases = [{ id: 'a', input: 'Yes?', expected_output: 'yes' }]
    const { body } = await run({ dataset: { name: 'r', cases }, options: { repeats: 3, parallel: 1 } })
    expect(body).toMatchObject({ status: 'passed', summary: { total: 1, passed: 1 } })
    const [one] = (body['result'] as { cases: Json[] }).cases
    expect(one).toMatchObject({ pass_count: 2, attempt_count: 3, is_flaky: true })
    expect(one?.['attempts']).toHaveLength(3)
    expect((body['result'] as { scores: Json }).scores['confidence']).toMatchObject({ level: 0.95 })
    expect(await systemDb().trace.count({ where: { tenantId: tenant.id } })).toBe(3)
  })

  it('stops at its cap: what is left is not judged and no pass', async () => {
    const tenant = house.tenant()
    house.provider.answer(() => ({ text: 'yes', usage: { input: 1_000, output: 10 } }))
    const { run } = evaluator(tenant)
    const cases = Array.from({ length: 10 }, (_, at) => ({ id: `c${at}`, input: `Yes ${at}?`, expected_output: 'yes' }))
    const single = await run({ dataset: { name: 'dear', cases: cases.slice(0, 1) } })
    const { total_cost: each = 0 } = single.body['summary'] as Record<string, number>
    expect(each).toBeGreaterThan(0)
    const { body } = await run({ dataset: { name: 'dear', cases }, options: { cap_usd: each * 3.5, parallel: 16 } })
    expect(body).toMatchObject({
      state: 'stopped',
      status: 'inconclusive',
      result: { failure: 'cap_reached' },
      summary: { passed: 3, inconclusive: 7, total_cost: expect.closeTo(each * 3, 6) },
    })
    expect((body['results'] as Json[])[9]).toMatchObject({ status: 'inconclusive', error: 'Not run: cap_reached' })
  })

  it('reads datasets from the files of the workspace, and is fixed to the version that it began with', async () => {
    const tenant = house.tenant()
    const lines = CASES.slice(0, 2).map((one) => JSON.stringify(one))
    const { mkdirSync } = await import('node:fs')
    mkdirSync(join(house.workspace, 'evals'), { recursive: true })
    writeFileSync(join(house.workspace, 'evals', 'capitals.jsonl'), lines.join('\n'))
    const { run } = evaluator(tenant)
    const first = await run({ file: 'evals/capitals.jsonl' })
    expect(first.body).toMatchObject({ status: 'passed', result: { dataset_name: 'evals/capitals.jsonl' } })
    const version = (first.body['result'] as Json)['version_hash']
    expect(version).toMatch(/^[0-9a-f]{16}$/)
    writeFileSync(join(house.workspace, 'evals', 'capitals.jsonl'), JSON.stringify(CASES[2]))
    const other = await run({ file: 'evals/capitals.jsonl' })
    expect(other.body).toMatchObject({ status: 'failed', summary: { total: 1 } })
    const old = await run({ file: 'evals/capitals.jsonl', version_hash: version as string })
    expect(old.body).toMatchObject({ status: 'passed', summary: { total: 2 }, result: { version_hash: version } })
    expect((await run({ file: 'evals/none.jsonl' })).status).toBe(404)
    expect((await run({ file: 'evals/../SOUL.jsonl' })).status).not.toBe(200)
  })

  it('is not there for another tenant or another workspace, and lists by what is asked', async () => {
    const [tenant, foreign] = [house.tenant(), house.tenant()]
    const mine = evaluator(tenant)
    const { body } = await mine.run({ dataset: DATASET })
    const id = { id: String(body['id']) }
    const other = evaluator(foreign)
    for (const name of ['get', 'cancel'] as const) expect((await other.ask(name, { params: id })).status).toBe(404)
    for (const name of ['drift', 'compare'] as const)
      expect((await other.ask(name, { params: id, query: `baseline_id=${id.id}` })).status).toBe(404)
    expect((await other.ask('list')).body).toMatchObject({ results: [], total: 0 })
    expect((await other.run({ dataset: DATASET, baseline_id: id.id })).status).toBe(404)
    const fenced = scopeOf(identityOf(tenant.id, 'admin', { workspaceIds: ['elsewhere'] }))
    await expect(getEval(fenced, id.id)).rejects.toMatchObject({ code: 'not_found' })
    expect((await mine.ask('list', { query: 'dataset_name=capitals' })).body).toMatchObject({ total: 1 })
    expect((await mine.ask('list', { query: 'status=passed' })).body).toMatchObject({ total: 0 })
    expect((await mine.ask('list', { query: 'skill_name=x' })).body).toMatchObject({ total: 0 })
    expect((await mine.ask('scores')).body['scores']).toMatchObject([{ dataset_name: 'capitals', pass_rate: 0.5 }])
  })

  it('shows what was answered to whoever may see it; the reading leaves a row', async () => {
    const tenant = house.tenant()
    const { body } = await evaluator(tenant).run({ dataset: DATASET })
    const id = String(body['id'])
    const viewer = scopeOf(identityOf(tenant.id, 'viewer'))
    expect(seesTexts(viewer)).toBe(false)
    const shown = JSON.stringify(await getEval(viewer, id))
    expect(shown).not.toContain('Madrid')
    expect(shown).not.toContain('mock provider')
    expect(shown).toContain('Capital of Spain?')
    expect(shown).toContain('Lisbon')
    const before = (await tenant.audits()).length
    expect(JSON.stringify(await getEval(scopeOf(identityOf(tenant.id, 'admin')), id))).toContain('Madrid')
    expect((await tenant.audits()).slice(before)).toEqual(['trace_revealed'])
    const unread = await getEval(scopeOf(identityOf(tenant.id, 'admin')), id, { texts: 'false' })
    expect(JSON.stringify(unread)).not.toContain('Madrid')
    expect(unread.results).toHaveLength(CASES.length)
    const [one] = unread.results
    const alone = await getEval(viewer, id, { case_id: one?.case_id ?? '' })
    expect(alone.results.map((row) => row.case_id)).toEqual([one?.case_id])
    expect((await tenant.audits()).slice(before)).toEqual(['trace_revealed'])
  })

  it('a person evaluates as nobody else, in no workspace but their own', async () => {
    const tenant = house.tenant()
    const wish = (more: object) => EvalBody.parse({ dataset: DATASET, ...more })
    const person = scopeOf(identityOf(tenant.id, 'operator'))
    const other = wish({ options: { user_id: 'somebody-else', mock_tools: false } })
    await expect(runEval(person, other)).rejects.toMatchObject({ code: 'user_mismatch' })
    const fenced = scopeOf(identityOf(tenant.id, 'operator', { workspaceIds: ['elsewhere'] }))
    await expect(runEval(fenced, wish({}))).rejects.toMatchObject({ code: 'workspace_access_denied' })
    const unknown = wish({ workspace_id: 'no-such-workspace' })
    await expect(runEval(person, unknown)).rejects.toMatchObject({ code: 'not_found' })
    expect(await systemDb().evalRun.count({ where: { tenantId: tenant.id } })).toBe(0)
  })

  it('says which case became worse, before all else', async () => {
    const tenant = house.tenant()
    const { run, ask } = evaluator(tenant)
    const cases = CASES.slice(0, 2)
    const before = await run({ dataset: { name: 'capitals', cases } })
    house.provider.answer((request) => ({ text: sent(request).includes('Italy') ? 'Milan' : 'Paris' }))
    const after = await run({ dataset: { name: 'capitals', cases }, baseline_id: before.body['id'] })
    const about = { params: { id: String(after.body['id']) }, query: `baseline_id=${String(before.body['id'])}` }
    const drift = await ask('drift', about)
    expect(drift.body['drift']).toMatchObject({
      baseline_id: before.body['id'],
      current_id: after.body['id'],
      regressions: [{ case_id: 'it', baseline_score: 1 }],
      improvements: [],
      summary: { regressed_count: 1, unchanged_count: 1 },
    })
    const compared = await ask('compare', about)
    expect(compared.body['comparison']).toMatchObject({
      verdict: 'regressed',
      is_complete: true,
      summary: { regressed_count: 1, newly_failed_count: 1, newly_passed_count: 0 },
      cases: [
        { case_id: 'it', change: 'regressed', is_same_case: true, current: { actual_output: 'Milan' } },
        { case_id: 'fr', change: 'unchanged' },
      ],
    })
    const self = await ask('compare', { ...about, query: `baseline_id=${about.params.id}` })
    expect(self.body['comparison']).toMatchObject({ verdict: 'unchanged', p_value: 1, avg_score: { delta: 0 } })
  })
})
