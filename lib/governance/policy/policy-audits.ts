import type { CommandAudit } from '@/lib/core/scope'
import type { PolicyDecision } from './question'

const EXCEPTIONS = { hit: 'policy_exception_hit', miss: 'policy_exception_miss' } as const

/** What the log says of an answer that only a fallback gave, or that an exception made or would have made. */
export const policyAudits = (
  { decision, policyId, isFallback, exception }: PolicyDecision,
  about: object,
): Pick<CommandAudit, 'event' | 'data'>[] => {
  const data = { ...about, decision, policy_id: policyId }
  return [
    ...(isFallback ? [{ event: 'policy_fallback_hit' as const, data }] : []),
    ...(exception === undefined ? [] : [{ event: EXCEPTIONS[exception], data }]),
  ]
}
