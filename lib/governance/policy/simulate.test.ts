import { expect, it } from 'vitest'
import type { Scope } from '@/lib/core/scope'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { putTrace } from '@/lib/core/testing/sample-trace'
import { uuidv7 } from '@/lib/shared/id'
import { microUsd } from '@/lib/shared/money'
import { DraftFromDecision } from '../contract/policy'
import { PolicyDocument } from '../contract/policy-document'
import { SimulateBody } from '../contract/policy-question'
import { actionHashOf } from '../decisions/decision'
import { decisionWrites } from '../decisions/decision-writes'
import { createPolicy } from './change-policy'
import { decide } from './decide'
import { draftPolicy } from './draft-policy'
import { NO_FILED_POLICIES, policiesIn } from './filed'
import type { PolicyQuestion } from './question'
import { simulatePolicies, simulateTrace } from './simulate'

const noFiles = async () => NO_FILED_POLICIES

const rule = (over: object = {}) =>
  PolicyDocument.parse({
    policy_id: 'big',
    subject: { type: 'tool', name: 'payments:*' },
    conditions: { 'arguments.amount': { gt: 100 } },
    effect: { decision: 'deny' },
    ...over,
  })

// A decision as a run leaves it.
const decided = async (scope: Scope, traceId: string | null, over: Partial<PolicyQuestion> = {}): Promise<string> => {
  const question: PolicyQuestion = {
    subject: 'tool',
    tool: 'payments:send',
    role: 'billing',
    workspaceId: 'default',
    environment: 'production',
    estimatedCost: microUsd(20_000),
    arguments: { amount: 50, to: 'canary-4711' },
    ...over,
  }
  const id = uuidv7(scope.clock.now().getTime())
  const { workspaceId, environment, tool = null } = question
  const action = { tool, arguments: question.arguments, workspaceId, environment }
  await scope.command({
    audit: [],
    writes: decisionWrites(scope, [
      {
        id,
        origin: 'tool',
        subject: 'tool',
        traceId,
        workspaceId,
        environment,
        agentRole: question.role,
        tool,
        action,
        actionHash: actionHashOf(action),
        facts: question,
        verdict: await decide(scope, question, NO_FILED_POLICIES),
        cost: question.estimatedCost ?? null,
        requestedBy: scope.actor,
      },
    ]),
  })
  return id
}

const body = (over: object = {}) => SimulateBody.parse(over)

describeEachDialect('asked again', (dialect) => {
  useKernel(dialect)

  it('a change is seen on what really was asked: what differs, and nothing else', async () => {
    const { scope, audits } = await newTenant()
    const small = await decided(scope, null)
    const large = await decided(scope, null, { arguments: { amount: 500 } })
    const before = (await audits()).length
    const found = await simulatePolicies(scope, body({ rules: [rule()] }), noFiles)
    expect(found).toMatchObject({ checked: 2, skipped: 0, changed: 1, by_change: { 'allow → deny': 1 } })
    expect(found.differences).toMatchObject([
      {
        decision_id: large,
        tool: 'payments:send',
        original: { decision: 'allow', matched_policies: [] },
        current: { decision: 'allow', policy_id: null },
        changed: { decision: 'deny', policy_id: 'big' },
      },
    ])
    expect(JSON.stringify(found)).not.toContain('canary')
    expect(found.current_hash).not.toBe(found.changed_hash)
    await createPolicy(scope, rule())
    expect(await simulatePolicies(scope, body({ rules: [rule()] }), noFiles)).toMatchObject({ changed: 0 })
    const without = await simulatePolicies(scope, body({ without: ['big'] }), noFiles)
    expect(without).toMatchObject({ changed: 1, by_change: { 'deny → allow': 1 } })
    const off = await simulatePolicies(scope, body({ rules: [rule({ enabled: false })] }), noFiles)
    expect(off.differences.map(({ decision_id }) => decision_id)).toEqual([large])
    expect(small).not.toBe(large)
    expect((await audits()).length).toBe(before + 1)
  })

  it('since, limit and workspace narrow what is looked at', async () => {
    const { scope } = await newTenant()
    for (const workspaceId of ['a', 'a', 'b']) await decided(scope, null, { workspaceId })
    const at = (over: object) => simulatePolicies(scope, body(over), noFiles)
    expect((await at({})).checked).toBe(3)
    expect((await at({ limit: 2 })).checked).toBe(2)
    expect((await at({ workspace_id: 'b' })).checked).toBe(1)
    expect((await at({ since: '2100-01-01T00:00:00.000Z' })).checked).toBe(0)
    const fenced = scopeOf(identityOf(scope.tenantId, 'admin', { workspaceIds: ['b'] }))
    expect((await simulatePolicies(fenced, body(), noFiles)).checked).toBe(1)
  })

  it('whoever may not read what was sent cannot guess at it by rules', async () => {
    const { scope, as } = await newTenant()
    await decided(scope, null)
    const prying = rule({ conditions: { 'arguments.to': { prefix: 'canary' } } })
    for (const conditions of [{ intent: { prefix: 'c' } }, { resource: 'canary' }])
      await expect(
        simulatePolicies(as('release_manager'), body({ rules: [rule({ conditions })] }), noFiles),
      ).rejects.toMatchObject({ code: 'permission_denied' })
    for (const role of ['operator', 'release_manager'] as const)
      await expect(simulatePolicies(as(role), body({ rules: [prying] }), noFiles)).rejects.toMatchObject({
        code: 'permission_denied',
        details: { permission: 'trace:reveal' },
      })
    const blind = rule({ conditions: { agent_role: 'billing' } })
    expect(await simulatePolicies(as('operator'), body({ rules: [blind] }), noFiles)).toMatchObject({ changed: 1 })
    expect(await simulatePolicies(scope, body({ rules: [prying] }), noFiles)).toMatchObject({ changed: 1 })
  })

  it('nor by rules that are saved: what they would say of older words is not told', async () => {
    const { scope, as } = await newTenant()
    const traceId = await putTrace(scope.tenantId)
    await decided(scope, traceId)
    const other = await decided(scope, null, { tool: 'mail:send', arguments: { to: 'ann' } })
    const ask = (who: Scope, over: object = {}) => simulatePolicies(who, body(over), noFiles)
    const run = (who: Scope) => simulateTrace(who, traceId, { rules: [], without: [] }, noFiles)
    const prying = { policy_id: 'pry', effect: { decision: 'allow' }, precedence: -1000 }
    await createPolicy(as('release_manager'), rule({ ...prying, conditions: { 'arguments.to': { prefix: 'canary' } } }))
    expect(await ask(as('release_manager'))).toMatchObject({ checked: 1, skipped: 1 })
    await expect(run(as('release_manager'))).rejects.toMatchObject({
      code: 'permission_denied',
      details: { permission: 'trace:reveal' },
    })
    expect((await run(scope)).decisions).toMatchObject([{ simulated: { matched_policies: ['pry'] } }])
    expect(await ask(scope)).toMatchObject({ checked: 2, skipped: 0 })
    // What was asked under the rule has its answer on record.
    await decided(scope, null)
    expect(await ask(as('release_manager'))).toMatchObject({ checked: 2, skipped: 1 })
    const files = policiesIn([
      {
        path: 'policies/a.yaml',
        text: '- policy_id: f\n  subject: {type: tool, name: "mail:*"}\n  conditions: {arguments.to: ann}\n  effect: {decision: deny}\n',
      },
    ])
    const filed = async () => ({ ...files, root: null })
    const without = body({ without: ['workspace/f'] })
    const found = await simulatePolicies(as('release_manager'), without, filed)
    expect(found.differences.map(({ decision_id }) => decision_id)).not.toContain(other)
    expect((await simulatePolicies(scope, without, filed)).differences[0]?.decision_id).toBe(other)
  })

  it('one run: every decision of it, then and now', async () => {
    const [a, b] = await twoTenants()
    const traceId = await putTrace(a.id)
    const empty = await putTrace(a.id)
    await decided(a.scope, traceId)
    await decided(a.scope, traceId, { arguments: { amount: 500 } })
    await createPolicy(a.scope, rule())
    const found = await simulateTrace(a.scope, traceId, { rules: [], without: [] }, noFiles)
    expect(found).toMatchObject({
      trace_id: traceId,
      original: { decision: 'allow' },
      simulated: { decision: 'allow' },
      decisions: [{ differs: false }, { differs: true, simulated: { decision: 'deny', matched_policies: ['big'] } }],
    })
    expect(found.original.policy_bundle_hash).not.toBe(found.simulated.policy_bundle_hash)
    expect(JSON.stringify(found)).not.toContain('canary')
    const ask = (scope: Scope, id: string) => simulateTrace(scope, id, { rules: [], without: [] }, noFiles)
    await expect(ask(a.scope, empty)).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(ask(b.scope, traceId)).rejects.toMatchObject({ code: 'not_found' })
    await expect(ask(b.scope, uuidv7(1))).rejects.toMatchObject({ code: 'not_found' })
    expect((await simulatePolicies(b.scope, body(), noFiles)).checked).toBe(0)
  })

  it('a rule can be made of a decision; it is disabled, and only who may read them puts arguments in it', async () => {
    const [a, b] = await twoTenants()
    const id = await decided(a.scope, null)
    const draft = (over: object = {}) =>
      DraftFromDecision.parse({ decision_id: id, effect: { decision: 'deny' }, ...over })
    const { policy } = await draftPolicy(a.as('release_manager'), draft({ policy_id: 'mine' }))
    expect(policy).toMatchObject({
      policy_id: 'mine',
      enabled: false,
      source: 'trace',
      scope: { workspace_id: 'default', environment: 'production' },
      subject: { type: 'tool', name: 'payments:send' },
      conditions: { agent_role: 'billing' },
    })
    expect(await a.lastAudit()).toMatchObject({ eventType: 'policy_created_from_trace', entityId: 'mine' })
    expect(
      (
        await decide(
          a.scope,
          {
            subject: 'tool',
            tool: 'payments:send',
            role: 'billing',
            workspaceId: 'default',
            environment: 'production',
          },
          NO_FILED_POLICIES,
        )
      ).decision,
    ).toBe('allow')
    const include = ['agent_role', 'arguments.amount', 'nothing']
    for (const wished of [include, ['intent'], ['resource'], ['context.exec.cwd']])
      await expect(draftPolicy(a.as('release_manager'), draft({ include: wished }))).rejects.toMatchObject({
        code: 'permission_denied',
      })
    const made = await draftPolicy(a.scope, draft({ include: ['arguments.amount'] }))
    expect(made.policy).toMatchObject({ policy_id: `from-${id}`, conditions: { 'arguments.amount': 50 } })
    await expect(draftPolicy(a.scope, draft())).rejects.toMatchObject({ code: 'version_conflict' })
    await expect(draftPolicy(b.scope, draft())).rejects.toMatchObject({ code: 'not_found' })
  })
})
