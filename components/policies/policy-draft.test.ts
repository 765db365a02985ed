import { describe, expect, it } from 'vitest'
import { PolicyChange, type PolicyView } from '@/lib/governance/contract'
import { changeOf, documentOf, draftOf, EMPTY, judged, trialOf } from './policy-draft'

const VIEW: PolicyView = {
  policy_id: 'refunds',
  scope: { tenant_id: 't', workspace_id: 'shop', environment: 'production' },
  subject: { type: 'tool', name: 'refund_create' },
  conditions: { 'arguments.amount_usd': { gte: 100 } },
  effect: { decision: 'require_approval', required_role: 'admin' },
  explanation: 'Money leaves with two pairs of eyes',
  precedence: -5,
  enabled: false,
  is_fallback: false,
  source: 'console',
  revision: 3,
  created_by: 'user:rosa',
  created_at: '2026-03-01T00:00:00.000Z',
  updated_by: null,
  updated_at: null,
}

describe('a policy while it is written', () => {
  it('is what was stored, when nobody changed it', () => {
    const { document, faults } = judged(draftOf(VIEW))
    expect(faults).toEqual({})
    expect(document).toEqual({
      policy_id: 'refunds',
      scope: { workspace_id: 'shop', environment: 'production' },
      subject: { type: 'tool', name: 'refund_create' },
      conditions: { 'arguments.amount_usd': { gte: 100 } },
      effect: { decision: 'require_approval', required_role: 'admin' },
      explanation: 'Money leaves with two pairs of eyes',
      precedence: -5,
      enabled: false,
    })
  })

  it('takes conditions, explanation and place away when they are emptied', () => {
    const change = changeOf({ ...draftOf(VIEW), lines: [], explanation: '', workspace: '' }, 3)
    expect(PolicyChange.parse(change)).toMatchObject({
      ...{ revision: 3, conditions: {}, explanation: null },
      scope: { environment: 'production' },
    })
  })

  it('sends no role but with an approval, and no name of a cost', () => {
    const document = documentOf({ ...draftOf(VIEW), effect: 'deny', subjectType: 'cost' })
    expect([document.effect, document.subject]).toEqual([{ decision: 'deny' }, { type: 'cost' }])
  })

  it('says what is wrong where it is wrong', () => {
    const line = { key: '1', field: 'nonsense', operator: 'eq', value: 'x' } as const
    const { document, faults } = judged({ ...EMPTY, precedence: 'high', lines: [line] })
    expect(document).toBeNull()
    expect(Object.keys(faults).sort()).toEqual(['conditions.nonsense', 'policy_id', 'precedence'])
  })

  it('can be tried before it has a name, and as if it were enabled', () => {
    expect(trialOf({ ...EMPTY, subjectName: 'mail_send', isEnabled: false })).toMatchObject({ enabled: true })
    expect(trialOf({ ...EMPTY, precedence: 'x' })).toBeNull()
  })
})
