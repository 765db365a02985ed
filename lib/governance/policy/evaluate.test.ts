import { expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, useKernel } from '@/lib/core/testing/kernel'
import { PolicyDocument } from '../contract/policy-document'
import { EvaluateBody } from '../contract/policy-question'
import { createPolicy } from './change-policy'
import { evaluatePolicy } from './evaluate'
import { NO_FILED_POLICIES } from './filed'

const rowsOf = async (tenantId: string) => {
  const where = { tenantId, eventType: { startsWith: 'policy_exception' } }
  const rows = await systemDb().auditEntry.findMany({ where, orderBy: { seq: 'asc' } })
  const payloads = await systemDb().auditPayload.findMany({
    where: { tenantId, seq: { in: rows.map(({ seq }) => seq) } },
    orderBy: { seq: 'asc' },
  })
  return rows.map(({ eventType }, at) => [eventType, JSON.parse(payloads[at]?.data ?? '{}')] as const)
}

describeEachDialect('an exception of a policy', (dialect) => {
  useKernel(dialect)

  it('leaves its own row in the log, where it applied and where it almost did', async () => {
    const { id } = await newTenant()
    const scope = scopeOf(identityOf(id))
    await createPolicy(
      scope,
      PolicyDocument.parse({
        policy_id: 'no-refunds',
        subject: { type: 'tool', name: 'refund' },
        effect: { decision: 'deny' },
      }),
    )
    await createPolicy(
      scope,
      PolicyDocument.parse({
        policy_id: 'small-ones',
        subject: { type: 'tool', name: 'refund' },
        conditions: { 'arguments.amount': { lte: 200 } },
        effect: { decision: 'allow' },
        precedence: 1,
      }),
    )
    const ask = (amount: number) =>
      evaluatePolicy(
        scope,
        EvaluateBody.parse({ tool: 'refund', context: { arguments: { amount } }, arguments: { amount } }),
        'coder',
        NO_FILED_POLICIES,
      )
    const small = await ask(20)
    const large = await ask(2000)
    expect([small.decision, large.decision]).toEqual(['allow', 'deny'])
    expect(await rowsOf(id)).toEqual([
      ['policy_exception_hit', expect.objectContaining({ decision: 'allow', policy_id: 'small-ones' })],
      ['policy_exception_miss', expect.objectContaining({ decision: 'deny', policy_id: 'no-refunds' })],
    ])
  })
})

describeEachDialect('an external agent asks', (dialect) => {
  useKernel(dialect)

  const agent = (tenantId: string, over: object = {}) =>
    scopeOf(
      identityOf(tenantId, 'viewer', {
        plane: 'adapter',
        actor: 'adapter:coder',
        userId: null,
        permissions: new Set(),
        scopes: new Set(),
        workspaceIds: ['default'],
        adapter: { id: 'coder', capabilities: ['shell'], ...over },
      }),
    )

  it('each answer is stored; who asks the body cannot say', async () => {
    const { id, scope, audits } = await newTenant()
    await createPolicy(
      scope,
      PolicyDocument.parse({
        policy_id: 'risky',
        subject: { type: 'adapter', name: 'coder' },
        conditions: { adapter_risk_class: { gte: 'high' }, tool: 'shell.exec' },
        effect: { decision: 'require_approval', required_role: 'admin' },
      }),
    )
    await createPolicy(
      scope,
      PolicyDocument.parse({
        policy_id: 'rest',
        subject: { type: 'tool' },
        precedence: -1,
        effect: { decision: 'allow' },
      }),
    )
    const ask = (over: object) =>
      evaluatePolicy(agent(id), EvaluateBody.parse({ adapter_id: 'else', ...over }), 'coder', NO_FILED_POLICIES)
    const low = await ask({ tool: 'shell_exec', adapter_risk_class: 'high' })
    expect(low).toMatchObject({
      decision: 'require_approval',
      status: 'pending',
      required_role: 'admin',
      policy_id: 'risky',
    })
    expect(low.expires_at).not.toBeNull()
    expect(await ask({ tool: 'read' })).toMatchObject({
      decision: 'allow',
      policy_fallback_hit: true,
      expires_at: null,
    })
    const rows = await systemDb().decision.findMany({ where: { tenantId: id }, orderBy: { id: 'asc' } })
    expect(rows.map(({ origin, adapterId, status, tool }) => [origin, adapterId, status, tool])).toEqual([
      ['evaluate', 'coder', 'pending', 'shell_exec'],
      ['evaluate', 'coder', 'allow', 'read'],
    ])
    expect((await audits()).map(({ eventType }) => eventType).slice(-4)).toEqual([
      'adapter_execution_decided',
      'policy_decision_pending',
      'adapter_execution_decided',
      'policy_fallback_hit',
    ])
  })

  it('in guarded silence refuses', async () => {
    const { id, audits } = await newTenant()
    const said = await evaluatePolicy(agent(id), EvaluateBody.parse({ tool: 'x' }), 'coder', NO_FILED_POLICIES)
    expect(said).toMatchObject({ decision: 'deny', status: 'deny', matched_policies: [] })
    expect((await audits()).map(({ eventType }) => eventType)).toEqual(['adapter_execution_decided'])
  })
})
