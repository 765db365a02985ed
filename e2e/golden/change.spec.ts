import { randomUUID } from 'node:crypto'
import type { APIRequestContext } from 'playwright/test'
import { dropPolicy, guardTasks } from '../fixtures/approvals'
import { get, type Json, part, personApi, post, runIn, workspaceFiles } from '../fixtures/release'
import { ownName } from '../fixtures/runs'
import type { Site } from '../fixtures/stacks'
import { expect, test } from '../fixtures/test'

const HELLO = 'Good morning, how do you do?'
const SOON = { timeout: 45_000, intervals: [250, 500, 1_000] }
const ANNOTATION = { key: 'ticket', value: 'CHANGE-7' }
const WHY = 'The customer has asked for exactly this'

const SOULS = {
  first: 'You answer people who ask about their orders. Be kind.\n',
  // The demo model obeys its soul: whoever asks for JSON gets JSON, and no person wants to read that.
  worse: 'You answer people who ask about their orders. Answer only JSON.\n',
  better: 'You answer people who ask about their orders. Be kind, and be brief.\n',
  canary: 'You answer people who ask about their orders. Be kind, be brief, be quick.\n',
}

const gatesFor = (dataset: string): string => `environments:
  live:
    approvals: { required: 1 }
    impact: { replays: 2, max_risk: high }
    evals: [{ dataset: ${dataset}, min_pass_rate: 1, max_regressions: 0 }]
`

// On the wire a version is its first digits; a trace names all of them.
const short = (hash: string): string => hash.slice(0, 16)

type Names = { workspace: string; dataset: string; role: string }

const namesFor = (site: Site): Names => {
  const mark = randomUUID().slice(0, 8)
  return { workspace: `golden-${site.project}-${mark}`, dataset: `golden-${mark}`, role: ownName() }
}

const everywhere = (site: Site): string[] => [site.url, ...site.instances]

const traceOf = async (api: APIRequestContext, trace: string, at = ''): Promise<Json> =>
  part(await get(api, `${at}/traces/${trace}`), 'trace')

// Whoever is asked, and wherever it ran: the trace names the version that the run was given, and by which arm.
const carries = async (api: APIRequestContext, site: Site, trace: string, version: string, more: Json = {}) => {
  for (const at of everywhere(site))
    expect(await traceOf(api, trace, at), at).toMatchObject({ workspace_hash: version, status: 'success', ...more })
}

const firstVersion = async (api: APIRequestContext, { workspace, dataset }: Names): Promise<string> => {
  const files = workspaceFiles({ 'SOUL.md': SOULS.first, 'gates.yaml': gatesFor(dataset) })
  const { version } = await post(api, `/workspace/${workspace}/versions?create=true`, { files, message: 'first' }, 201)
  const hash = String((version as Json)['full_hash'])
  for (const environment of ['dev', 'live'])
    await post(api, '/workspace/envs', { workspace_id: workspace, environment, version_hash: hash }, 201)
  return hash
}

const nextVersion = async (api: APIRequestContext, { workspace }: Names, soul: string, parent: string) => {
  const changed = { 'SOUL.md': soul }
  const saved = await post(api, `/workspace/${workspace}/versions`, { changed, parent_hash: parent }, 201)
  return String(part(saved, 'version')['full_hash'])
}

const pinDev = (api: APIRequestContext, { workspace }: Names, version: string) =>
  post(api, '/workspace/pin', { workspace_id: workspace, environment: 'dev', version_hash: version }, 201)

const pinnedIn = async (api: APIRequestContext, { workspace }: Names, environment: string, at = ''): Promise<Json> =>
  part(await get(api, `${at}/workspace/pin?workspace_id=${workspace}&environment=${environment}`), 'pin')

const promotionOf = async (api: APIRequestContext, { workspace }: Names, id: string): Promise<Json> =>
  part(await get(api, `/workspace/${workspace}/promotions/${id}`), 'promotion')

const checksDone = async (api: APIRequestContext, names: Names, id: string, status: string): Promise<Json> => {
  await expect.poll(async () => (await promotionOf(api, names, id))['status'], SOON).toBe(status)
  return promotionOf(api, names, id)
}

const checkIn = (promotion: Json, name: string): Json | undefined =>
  (promotion['checks'] as Json[]).find((check) => check['name'] === name)

const failedChecks = (promotion: Json): unknown[] =>
  (promotion['checks'] as Json[]).filter(({ status }) => status === 'fail').map(({ name }) => name)

const scriptOf = (title: string): string =>
  `Please call back\ndemo: ${JSON.stringify([
    { toolCalls: [{ name: 'order_lookup', arguments: { order_id: '1042' } }] },
    { text: 'I will make a task.', toolCalls: [{ name: 'task_create', arguments: { title } }] },
    { text: 'It is noted.' },
  ])}`

// A tool that reads is called, one that writes waits for a person, and the run goes on where it stood.
const approvedRun = async (api: APIRequestContext, boss: APIRequestContext, names: Names): Promise<string> => {
  const policy = await guardTasks(api, names.role)
  const where = { ...names, environment: 'live', user: 'golden' }
  const trace = await runIn(api, scriptOf(`Call ${names.role} back`), where)
  expect((await traceOf(api, trace))['status']).toBe('paused')
  const { decisions } = (await get(boss, `/ops/api/decisions?trace_id=${trace}&status=pending`)) as {
    decisions: { decision_id: string; tool: string; can_approve: boolean }[]
  }
  expect(decisions).toMatchObject([{ tool: 'task_create', can_approve: true }])
  const answer = { action: 'approve', justification: WHY }
  await post(boss, `/ops/api/decisions/${decisions[0]?.decision_id}/resolve`, answer)
  await expect.poll(async () => (await traceOf(api, trace))['status'], SOON).toBe('success')
  await dropPolicy(api, policy)
  return trace
}

const evaluate = (api: APIRequestContext, { workspace, dataset }: Names, more: object): Promise<Json> =>
  post(api, '/evals/run', { dataset: { name: dataset }, workspace_id: workspace, ...more })

const eventsAbout = async (api: APIRequestContext, entity: string): Promise<Json[]> => {
  const { entries } = (await get(api, `/audit?entity_id=${entity}&limit=100`)) as { entries: Json[] }
  return entries.map((entry) => part(entry, 'event_data'))
}

test('the golden journey of a change: run, approve, compare, evaluate, promote, canary, take back, prove', async ({
  api,
  browser,
  ops,
  page,
  site,
}) => {
  test.setTimeout(240_000)
  const names = namesFor(site)
  const { workspace, dataset } = names
  const rosa = await personApi(browser, site, 'release_manager')
  const ada = await personApi(browser, site, 'admin')
  const live = { ...names, environment: 'live', user: 'golden' }
  const dev = { ...live, environment: 'dev' }
  const promotions = `/ops/api/workspaces/${workspace}/promotions`

  const first = await test.step('a workspace, its first version, live and in dev', () => firstVersion(api, names))

  await test.step('a message, a tool, an approval; the trace carries the version', async () => {
    const trace = await approvedRun(api, rosa, names)
    await carries(api, site, trace, first, { environment: 'live', workspace_id: workspace })
  })

  const greeted = await runIn(api, HELLO, live)
  await carries(api, site, greeted, first)

  const worse = await test.step('an edited soul is another version, in dev alone', async () => {
    const hash = await nextVersion(api, names, SOULS.worse, first)
    await pinDev(api, names, hash)
    expect(hash).not.toBe(first)
    await carries(api, site, await runIn(api, HELLO, live), first)
    return hash
  })

  await test.step('two runs are compared: another version, and what in it', async () => {
    const changed = await runIn(api, HELLO, dev)
    await carries(api, site, changed, worse)
    const { diff } = await post(api, '/traces/diff', { base_trace_id: greeted, compare_trace_id: changed })
    expect(diff).toMatchObject({ workspace: { base_hash: first, compare_hash: worse, changed: true } })
    expect(JSON.stringify(diff)).toContain('SOUL.md')
  })

  await test.step('an evaluation tells the regression, against what is live', async () => {
    const cases = ['a', 'b', 'c'].map((id) => ({
      ...{ id, input: `${HELLO} (${id})`, scorers: [{ type: 'regex', pattern: 'You wrote' }] },
    }))
    await post(api, '/evals/datasets', { name: dataset, cases }, 201)
    const before = await evaluate(api, names, { environment: 'live' })
    expect(before, JSON.stringify(before['results'])).toMatchObject({ status: 'passed', summary: { passed: 3 } })
    const after = await evaluate(api, names, { environment: 'dev', baseline_id: before['id'] })
    expect(after).toMatchObject({ status: 'failed', summary: { failed: 3 }, result: { version_hash: short(worse) } })
    const { drift } = await get(api, `/evals/${after['id']}/drift?baseline_id=${before['id']}`)
    expect(drift).toMatchObject({ summary: { regressed_count: 3 } })
    const [row] = after['results'] as { trace_id: string }[]
    await carries(api, site, row?.trace_id ?? '', worse)
  })

  const id = await test.step('so it is not promoted, whoever asks', async () => {
    const way = { source_env: 'dev', target_env: 'live', note: 'Answer in JSON' }
    const asked = String(part(await post(rosa, promotions, way, 201), 'promotion')['id'])
    const blocked = await checksDone(api, names, asked, 'blocked')
    expect(checkIn(blocked, 'eval_baseline')).toMatchObject({ status: 'fail' })
    await post(ada, `${promotions}/${asked}/approve`, { decision: 'approve' })
    await post(rosa, `${promotions}/${asked}/execute`, { annotation: ANNOTATION }, 409)
    expect(await pinnedIn(api, names, 'live')).toMatchObject({ version_hash: short(first), revision: 1 })
    await ops.signIn('viewer').open('/ops')
    await expect(page.getByRole('region', { name: 'Status' })).toContainText(`dev → live of ${workspace} is blocked`)
    return asked
  })

  const better = await test.step('mended, it waits for a second person; the first cannot be that one', async () => {
    const hash = await nextVersion(api, names, SOULS.better, worse)
    await pinDev(api, names, hash)
    await post(rosa, `${promotions}/${id}/check`, {})
    const waiting = await checksDone(api, names, id, 'waiting')
    expect(failedChecks(waiting)).toEqual(['approvals'])
    expect(waiting).toMatchObject({ version_hash: short(hash), approvals: { required: 1, given: 0 } })
    await post(rosa, `${promotions}/${id}/approve`, { decision: 'approve' }, 403)
    await post(rosa, `${promotions}/${id}/execute`, { annotation: ANNOTATION }, 409)
    return hash
  })

  await test.step('the second person finds it on the overview, and says yes to exactly this', async () => {
    await ops.signIn('admin').open('/ops')
    const waits = page.getByRole('region', { name: 'Waits for you' })
    await expect(waits.getByRole('link', { name: new RegExp(`dev → live of ${workspace}`) })).toBeVisible()
    const { candidate_hash: candidate } = await promotionOf(api, names, id)
    const yes = { decision: 'approve', candidate_hash: candidate, comment: WHY }
    await post(ada, `${promotions}/${id}/approve`, yes)
  })

  await test.step('promoted: live runs it, on every instance', async () => {
    const done = part(await post(rosa, `${promotions}/${id}/execute`, { annotation: ANNOTATION }), 'promotion')
    expect(done).toMatchObject({ status: 'executed', version_hash: short(better), override_used: false })
    for (const at of everywhere(site))
      expect(await pinnedIn(api, names, 'live', at)).toMatchObject({ version_hash: short(better), revision: 2 })
    for (const _ of everywhere(site)) await carries(api, site, await runIn(api, HELLO, live), better)
  })

  await test.step('a canary: some get the next one, all others do not, and the arms are told apart', async () => {
    const next = await nextVersion(api, names, SOULS.canary, better)
    const canary = `/workspace/${workspace}/canary`
    const some = { percent: 0, users: ['brave'] }
    await post(api, canary, { environment: 'live', version_hash: next, ...some }, 409)
    await pinDev(api, names, next)
    const way = { source_env: 'dev', target_env: 'live', note: 'Be quick', canary: some }
    const asked = String(part(await post(rosa, promotions, way, 201), 'promotion')['id'])
    const waiting = await checksDone(api, names, asked, 'waiting')
    const yes = { decision: 'approve', candidate_hash: waiting['candidate_hash'], comment: WHY }
    await post(ada, `${promotions}/${asked}/approve`, yes)
    await post(rosa, `${promotions}/${asked}/execute`, { annotation: ANNOTATION })
    await carries(api, site, await runIn(api, HELLO, { ...live, user: 'brave' }), next, { arm: 'canary' })
    await carries(api, site, await runIn(api, HELLO, live), better, { arm: 'stable' })
    const arms = await get(api, `${canary}?environment=live`)
    expect(arms).toMatchObject({ canary: { version_hash: short(next) }, stable: { version_hash: short(better) } })
    expect((await api.delete(`${canary}?environment=live`)).status()).toBe(200)
    await carries(api, site, await runIn(api, HELLO, { ...live, user: 'brave' }), better)
  })

  await test.step('one call takes it back, and the runs with it', async () => {
    const back = await post(rosa, `${promotions}/${id}/rollback`, { annotation: ANNOTATION })
    expect(part(back, 'promotion')).toMatchObject({ status: 'rolled_back' })
    for (const at of everywhere(site))
      expect(await pinnedIn(api, names, 'live', at)).toMatchObject({ version_hash: short(first) })
    for (const _ of everywhere(site)) await carries(api, site, await runIn(api, HELLO, live), first)
  })

  await test.step('the log tells all of it, and is proven', async () => {
    const actions = (await eventsAbout(api, id)).map(({ action }) => action)
    for (const action of ['requested', 'checked', 'approved', 'executed', 'rolled_back'])
      expect(actions).toContain(action)
    for (const at of everywhere(site))
      expect(await post(api, `${at}/audit/verify`, {})).toMatchObject({ ok: true, failures: [] })
  })

  await test.step('an operator sees when what went live, and that it went back', async () => {
    await ops.signIn('operator').open('/ops')
    const changes = page.getByRole('region', { name: 'What changed' })
    const told = (hash: string) => hash.slice(0, 8)
    await expect(changes.getByRole('link', { name: `live runs ${told(better)}, promoted from dev` })).toBeVisible()
    await expect(changes.getByRole('link', { name: /live tries [0-9a-f]{8} for 1 named user, promoted/ })).toBeVisible()
    await expect(changes.getByRole('link', { name: `live is back at ${told(first)}` })).toBeVisible()
    await expect(page.getByRole('list', { name: 'Live: changes on the same axis of time' })).toBeVisible()
  })
  await rosa.dispose()
  await ada.dispose()
})
