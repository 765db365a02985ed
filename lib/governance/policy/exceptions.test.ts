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
