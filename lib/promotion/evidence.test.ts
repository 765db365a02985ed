import { expect, it } from 'vitest'
import type { Scope } from '@/lib/core/scope'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import type { AgentTenant } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { usePromotionHouse } from '@/lib/core/testing/promotion-house'
import { versionOf, WORKSPACE, workOffPromotions } from '@/lib/core/testing/promotions'
import { saveDataset } from '@/lib/evals'
import { SaveDataset } from '@/lib/evals/contract'
import { setPin } from '@/lib/workspace'
import { createPromotion, executeNow, executePromotion, getPromotion, runChecks } from '.'
import type { Check } from './contract'

const ANNOTATION = { key: 'release', value: 'winter' }
const ROUTE = { source_env: 'dev', target_env: 'staging' }

type Evidence = Record<string, unknown>

const named = (checks: readonly Check[], name: string): Check & { evidence: Evidence } => {
  const found = checks.find((check) => check.name === name)
  return { ...(found ?? expect.unreachable()), evidence: found?.evidence ?? {} }
}

const EVALS = 'environments: { staging: { impact: { replays: 0 }, evals: [{ dataset: support, min_pass_rate: 0.5 }] } }'
const impact = (text: string) => ({ 'gates.yaml': `environments: { staging: { impact: { ${text} } } }` })

describeEachDialect('what a promotion has to show', (dialect) => {
  const { house, begin } = usePromotionHouse(dialect)

  const pin = (scope: Scope, environment: string, files: Record<string, string>) =>
    versionOf(scope, files, { environment })

  const asked = async (scope: Scope) => {
    const { promotion } = await createPromotion(scope, WORKSPACE, ROUTE)
    await workOffPromotions()
    return (await getPromotion(scope, WORKSPACE, promotion.id)).promotion
  }

  const talk = async (tenant: AgentTenant, times: number) => {
    for (let i = 0; i < times; i++) {
      const place = { workspace_id: WORKSPACE, environment: 'staging' }
      const said = await tenant.json('send', tenant.say(`Is it ${i}?`, { metadata: place }))
      expect(said.status).toBe(200)
    }
  }

  const dataset = (scope: Scope) => {
    const cases = [1, 2, 3].map((at) => ({ id: `c${at}`, input: `Is it ${at}?`, expected_output: 'yes' }))
    return saveDataset(scope, SaveDataset.parse({ name: 'support', cases }))
  }

  it('a regression of what the target asks for blocks, also where the candidate asks for nothing; a fix passes', async () => {
    const { scope } = await begin()
    await dataset(scope)
    const stable = await pin(scope, 'staging', { 'gates.yaml': EVALS })
    const worse = await pin(scope, 'dev', { 'SOUL.md': 'You say no.' })
    const blocked = await asked(scope)
    expect(blocked).toMatchObject({ status: 'blocked', blocked: true })
    const check = named(blocked.checks, 'eval_baseline')
    expect(check).toMatchObject({ status: 'fail', details: expect.stringContaining('3 cases became worse') })
    expect(named(blocked.checks, 'gates')).toMatchObject({
      evidence: { loosened: expect.arrayContaining(['evals']) },
    })
    await expect(executePromotion(scope, WORKSPACE, blocked.id, { annotation: ANNOTATION })).rejects.toMatchObject({
      code: 'promotion_blocked',
    })
    const runs = await systemDb().evalRun.findMany({
      where: { tenantId: scope.tenantId },
      orderBy: { createdAt: 'asc' },
    })
    expect(runs.map(({ versionHash, promotionId, environment }) => [versionHash, promotionId, environment])).toEqual([
      [worse, blocked.id, 'dev'],
      [stable, blocked.id, 'staging'],
    ])
    const traces = await systemDb().trace.findMany({ where: { tenantId: scope.tenantId, kind: 'eval' } })
    expect(new Set(traces.map(({ workspaceHash }) => workspaceHash))).toEqual(new Set([worse, stable]))

    await pin(scope, 'dev', { 'SOUL.md': 'You say yes, always.' })
    const fixed = await asked(scope)
    expect(named(fixed.checks, 'eval_baseline')).toMatchObject({ status: 'pass' })
    await executePromotion(scope, WORKSPACE, fixed.id, { annotation: ANNOTATION })
  })

  it('a gate that cannot be asked holds: no such dataset, a provider that does not answer', async () => {
    const { scope } = await begin()
    await pin(scope, 'dev', { 'gates.yaml': EVALS })
    const lost = await asked(scope)
    expect(named(lost.checks, 'eval_baseline')).toMatchObject({
      status: 'fail',
      details: expect.stringContaining('no such dataset'),
    })
    await dataset(scope)
    house.provider.answer(() => ({ status: 500 }))
    const silent = await asked(scope)
    expect(named(silent.checks, 'eval_baseline').status).toBe('fail')
  })

  it('recent runs of the target are replayed against the candidate: which differ, and what they cost', async () => {
    const { tenant, scope } = await begin()
    await pin(scope, 'staging', impact('replays: 4, max_changed_percent: 40'))
    await talk(tenant, 3)
    const messages = tenant.messages().length
    await pin(scope, 'dev', { 'SOUL.md': 'You say no.' })
    const other = await asked(scope)
    const check = named(other.checks, 'impact_reviewed')
    expect(check).toMatchObject({
      status: 'fail',
      evidence: { asked: 3, replayed: 3, differs: 3, fails: 0, changed_percent: 100, cost_factor: expect.any(Number) },
    })
    const rows = check.evidence['replays'] as { trace_id: string; replay_id: string; areas: string[] }[]
    expect(rows.map(({ areas }) => areas)).toEqual([['output'], ['output'], ['output']])
    const replays = await systemDb().trace.findMany({ where: { tenantId: tenant.id, origin: 'replay' } })
    expect(new Set(replays.map(({ id }) => id))).toEqual(new Set(rows.map(({ replay_id }) => replay_id)))
    expect(new Set(replays.map(({ replayOf }) => replayOf))).toEqual(new Set(rows.map(({ trace_id }) => trace_id)))
    // Nothing of it was said to anybody, and nothing that anybody said stands in the evidence.
    expect(tenant.messages()).toHaveLength(messages)
    expect(JSON.stringify(other)).not.toMatch(/Is it|"yes"|"no"/)
    await pin(scope, 'dev', { 'AGENTS.md': 'Be quick.' })
    const same = await asked(scope)
    expect(named(same.checks, 'impact_reviewed')).toMatchObject({ status: 'pass', evidence: { same: 3, differs: 0 } })
    expect(named(same.checks, 'cost_forecast')).toMatchObject({ status: 'pass', evidence: { runs_of_the_week: 3 } })
  })

  it('no more is spent than the gate lets; what is not known then blocks only where it is required', async () => {
    const { tenant, scope } = await begin()
    await pin(scope, 'staging', impact('replays: 3, max_cost_usd: 0.0003'))
    await talk(tenant, 3)
    await pin(scope, 'dev', { 'SOUL.md': 'You say yes, always.' })
    const some = named((await asked(scope)).checks, 'impact_reviewed')
    expect(some).toMatchObject({ status: 'inconclusive', evidence: { stopped_by: 'money', replayed: 1, asked: 3 } })
    await pin(scope, 'dev', { 'SOUL.md': 'You say yes, ever.', ...impact('required: true') })
    expect(named((await asked(scope)).checks, 'impact_reviewed').status).toBe('fail')
  })

  it('a process that dies leaves what it has found: the next goes on and pays nothing twice', async () => {
    const { tenant, scope } = await begin()
    await pin(scope, 'staging', impact('replays: 3'))
    await talk(tenant, 3)
    await pin(scope, 'dev', { 'SOUL.md': 'You say no.' })
    const { promotion } = await createPromotion(scope, WORKSPACE, ROUTE)
    const replays = () => systemDb().trace.count({ where: { tenantId: tenant.id, origin: 'replay' } })
    // What a killed process leaves: a lease, a check at work, the first of its replays.
    await runChecks(scope, promotion.id)
    expect(await replays()).toBe(3)
    const where = { tenantId: tenant.id, id: promotion.id }
    const row = await systemDb().promotion.findFirstOrThrow({ where })
    const kept = row.checks as unknown as { items: Check[]; extras: object }
    const items = kept.items.map((item) => {
      if (item.name !== 'impact_reviewed') return item
      const all = item.evidence?.['replays'] as object[]
      return { ...item, status: 'running' as const, evidence: { replays: all.slice(0, 2), asked: 3 } }
    })
    const dead = {
      items,
      extras: kept.extras,
      run: 'a-dead-process',
      until: new Date(Date.now() + 60_000).toISOString(),
    }
    const put = (checks: object) =>
      systemWrite(({ client }) =>
        client.promotion.updateMany({ where, data: { status: 'checking', evidenceHash: null, checks } }),
      )
    await put(dead)
    expect(await runChecks(scope, promotion.id)).toBe('busy')
    await put({ ...dead, until: new Date(Date.now() - 1).toISOString() })
    const both = await Promise.all([runChecks(scope, promotion.id), runChecks(scope, promotion.id)])
    expect(both.sort()).toEqual(['busy', 'done'])
    expect(await replays()).toBe(4)
    expect((await getPromotion(scope, WORKSPACE, promotion.id)).promotion).toMatchObject({
      status: 'waiting',
      evidence_hash: expect.stringMatching(/^sha256:/),
    })
  })

  it('gates that cannot be read let nothing in; those of the target hold against a candidate without any', async () => {
    const { scope } = await begin()
    await pin(scope, 'dev', { 'gates.yaml': 'defaults: { aprovals: { required: 2 } }' })
    await expect(executeNow(scope, WORKSPACE, { ...ROUTE, annotation: ANNOTATION })).rejects.toMatchObject({
      code: 'promotion_blocked',
      message: expect.stringContaining('gates'),
    })
    await pin(scope, 'staging', { 'gates.yaml': 'defaults: { approvals: { required: 2 } }' })
    await pin(scope, 'dev', { 'SOUL.md': 'Ungated.' })
    expect((await asked(scope)).approvals).toMatchObject({ required: 2, given: 0 })
  })

  it('whatever may do more than before asks for another person', async () => {
    const { scope } = await begin()
    const skill = (tools: string) => ({
      'skills/pay/SKILL.md': `---\nname: pay\ndescription: Pays\nallowed-tools: ${tools}\n---\nPay.`,
    })
    await pin(scope, 'staging', { ...skill('order_lookup'), 'policies/p.yaml': DENY })
    await pin(scope, 'dev', { ...skill('order_lookup refund_create') })
    const wider = await asked(scope)
    const check = named(wider.checks, 'permission_widening')
    expect(check).toMatchObject({
      status: 'pass',
      evidence: { needs_approval: true, tools: { added: ['refund_create'] }, rules: { removed: ['workspace/never'] } },
    })
    expect(wider).toMatchObject({ waits_for: ['approvals'], approvals: { required: 1 } })
    await pin(scope, 'dev', { ...skill('order_lookup'), 'policies/p.yaml': DENY, 'SOUL.md': 'No more than before.' })
    expect(await asked(scope)).toMatchObject({ waits_for: [], approvals: { required: 0 } })
  })

  it('a budget that would not suffice blocks', async () => {
    const { tenant, scope } = await begin()
    await pin(scope, 'staging', impact('replays: 0'))
    await talk(tenant, 2)
    const { setBudget } = await import('@/lib/governance')
    await setBudget(scope, { scope: 'tenant', budget_usd: 0.002 })
    await systemWrite(({ client }) =>
      client.traceRollup.updateMany({ where: { tenantId: tenant.id }, data: { costMicroUsd: 5_000_000n } }),
    )
    await systemWrite(({ client }) =>
      client.trace.updateMany({ where: { tenantId: tenant.id }, data: { costMicroUsd: 5_000_000n } }),
    )
    await pin(scope, 'dev', { 'SOUL.md': 'Dear.' })
    const found = await asked(scope)
    expect(found.cost_forecast).toMatchObject({ would_exceed_budget: true })
    expect(named(found.checks, 'cost_forecast').status).toBe('fail')
  })

  it('what is promoted is what a run there gets', async () => {
    const { tenant, scope } = await begin()
    const hash = await pin(scope, 'dev', { 'SOUL.md': 'You say no.' })
    await setPin(scope, { workspace_id: WORKSPACE, environment: 'staging', version_hash: await versionOf(scope, {}) })
    await executeNow(scope, WORKSPACE, { ...ROUTE, annotation: ANNOTATION })
    await talk(tenant, 1)
    const trace = await systemDb().trace.findFirstOrThrow({
      where: { tenantId: tenant.id, kind: 'send' },
      orderBy: { startedAt: 'desc' },
    })
    expect(trace).toMatchObject({ workspaceHash: hash, environment: 'staging' })
  })
})

const DENY = `policies:
  - policy_id: never
    subject: { type: tool, name: refund_create }
    effect: { decision: deny }
`
