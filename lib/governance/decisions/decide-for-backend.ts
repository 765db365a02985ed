import type { Scope } from '@/lib/core/scope'
import { DEFAULT_ROLE } from './decision'
import { stillOpen } from './may-resolve'
import { outcomeFor } from './resolve-decision'
import { outcomeAudits, outcomeWrites } from './settle-decision'
import { findDecision } from './store'

type Word = { status: 'approved' | 'denied'; decidedBy: string | null; reason: string | null }

const LEAST = 10

const justificationOf = ({ reason }: Word): string =>
  reason !== null && reason.trim().length >= LEAST ? reason.trim().slice(0, 1000) : 'Decided in the backend.'

/**
 * What a person of the backend decided. The backend vouches for its people up to the usual role; it cannot approve for
 * whom the agent speaks, nor without saying who it was.
 */
export const decideForBackend = async (scope: Scope, id: string, word: Word): Promise<'done' | 'refused'> => {
  const row = await findDecision(scope.db, id)
  if (!row || stillOpen(row, scope.clock.now())) return 'done'
  const { decidedBy } = word
  const isOwn = decidedBy === null || [row.userId, row.requestedById, row.requestedBy].includes(decidedBy)
  const mayApprove = !isOwn && row.requiredRole === DEFAULT_ROLE
  if (word.status === 'approved' && !mayApprove) return 'refused'
  const action = word.status === 'approved' ? 'approve' : 'deny'
  const settler = { by: `backend:${decidedBy ?? 'unknown'}`, byId: decidedBy }
  const said = { action, justification: justificationOf(word) } as const
  const { outcome } = outcomeFor(row, settler, said, scope.clock.now())
  await scope.command({ audit: outcomeAudits(row, outcome), writes: await outcomeWrites(scope, row, outcome) })
  return 'done'
}
