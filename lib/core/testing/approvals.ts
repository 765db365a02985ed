import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { actionHashOf, decisionWrites, type NewDecision, pendingAudits } from '@/lib/governance'
import type { ResolveBody } from '@/lib/governance/contract'
import { resumeRunJob } from '@/lib/jobs/resume-run'
import { createWorker } from '@/lib/jobs/worker'
import { uuidv7 } from '@/lib/shared/id'
import type { Role } from '@/lib/shared/rbac'
import type { Scope } from '../scope'
import type { AgentHouse, AgentTenant } from './agent-house'
import { identityOf, scopeOf } from './kernel'

const POLICY = `policies:
  - policy_id: refunds-need-a-person
    subject: { type: tool, name: refund_create }
    effect: { decision: require_approval }
    explanation: Money leaves only with a second pair of eyes
    precedence: 10
`

const SKILL = `---
name: refunds
description: Pays money back
allowed-tools: refund_create order_lookup
---
Pay money back with refund_create.
`

const PLACE = { workspaceId: 'default', environment: 'default' }

export const ACTION = actionHashOf({ tool: 'refund_create', arguments: { order_id: '1042' }, ...PLACE })

/** From now on refunds of this house wait for a person. */
export const guardRefunds = (workspace: string): void => {
  mkdirSync(join(workspace, 'policies'), { recursive: true })
  mkdirSync(join(workspace, 'skills', 'refunds'), { recursive: true })
  writeFileSync(join(workspace, 'policies', 'refunds.yaml'), POLICY)
  writeFileSync(join(workspace, 'skills', 'refunds', 'SKILL.md'), SKILL)
}

export const refund = (id: string, dollars = 5) => ({
  id,
  name: 'refund_create',
  arguments: { order_id: '1042', amount_usd: dollars, reason: 'It arrived broken' },
})

export const refundsOf = ({ backend }: AgentHouse, { id }: AgentTenant) =>
  backend.store.all('SELECT amount_cents, reason FROM refunds WHERE tenant_id = ?', id)

/** A decision that waits, as an asker of any kind stores it. */
export const pendingDecision = async (scope: Scope, over: Partial<NewDecision> = {}): Promise<string> => {
  const draft: NewDecision = {
    id: uuidv7(scope.clock.now().getTime()),
    origin: 'evaluate',
    subject: 'tool',
    workspaceId: 'default',
    environment: 'default',
    tool: 'refund_create',
    action: { tool: 'refund_create', arguments: { order_id: '1042' } },
    actionHash: ACTION,
    facts: {},
    verdict: { decision: 'require_approval', explanation: 'Money leaves', matchedPolicies: ['refunds'] },
    requestedBy: 'service:shop',
    ...over,
  }
  await scope.command({ audit: pendingAudits([draft]), writes: decisionWrites(scope, [draft]) })
  return draft.id
}

/** A person of the tenant who has asked for nothing. */
export const approver = (tenantId: string, role: Role = 'release_manager'): Scope =>
  scopeOf(identityOf(tenantId, role, { userId: `approver-${role}`, actor: `user:approver-${role}` }))

export const YES: ResolveBody = { action: 'approve', justification: 'The photo shows the damage' }
export const NO: ResolveBody = { action: 'deny', justification: 'There is no such damage' }

/** What a worker does until nothing is left to do. */
export const workOff = async (): Promise<void> => {
  const worker = createWorker({ jobs: [resumeRunJob] })
  while ((await worker.look()) > 0) await worker.idle()
}
