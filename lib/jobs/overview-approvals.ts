import type { z } from 'zod'
import type { Scope } from '@/lib/core/scope'
import { listDecisions } from '@/lib/governance'
import type { OverviewView } from './contract'

type View = z.output<typeof OverviewView>
type Approvals = View['approvals']

/** How much waits for those who may decide. */
export const approvalsOf = async (scope: Scope): Promise<Approvals> => {
  if (!scope.permissions.has('decision:resolve')) return null
  const { pending } = await listDecisions(scope, { status: 'pending', limit: 1 })
  return { pending }
}

export const approvalHeadlines = (approvals: Approvals): View['headlines'] =>
  approvals === null || approvals.pending === 0
    ? []
    : [
        {
          level: 'attention',
          text: `${approvals.pending} ${approvals.pending === 1 ? 'action waits' : 'actions wait'} for an approval`,
          href: '/ops/approvals',
        },
      ]
