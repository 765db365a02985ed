'use client'

import { EffectBadge } from '@/components/policies/policy-badges'
import { linkStyle, policyHref } from '@/components/policies/policy-words'
import type { DecisionDetail } from '@/lib/governance/contract'

type Entry = DecisionDetail['decision_trace'][number]

const isEffect = (value: unknown): value is 'allow' | 'deny' | 'require_approval' =>
  value === 'allow' || value === 'deny' || value === 'require_approval'

/** The policies that spoke, and on demand all that were asked. */
export const DecisionWhy = ({ decision }: { decision: DecisionDetail }) => (
  <section aria-label="Policies" className="grid gap-2 text-table">
    <h3 className="font-semibold text-ink">Policies that spoke</h3>
    {decision.matched_policies.length === 0 ? (
      <p className="text-ink-muted">None; the mode of this server or the risk decided.</p>
    ) : (
      <ul className="grid gap-1">
        {decision.matched_policies.map((id) => (
          <li key={id} className="min-w-0 break-all">
            <a href={policyHref(id)} className={`${linkStyle} font-mono text-meta`}>
              {id}
            </a>
          </li>
        ))}
      </ul>
    )}
    {decision.decision_trace.length > 0 ? <Asked entries={decision.decision_trace} /> : null}
  </section>
)

const Asked = ({ entries }: { entries: readonly Entry[] }) => {
  const keyed = entries.map((entry, at) => ({ entry, key: `${at} ${String(entry['policy_id'])}` }))
  return (
    <details>
      <summary className="min-h-6 w-fit cursor-pointer text-accent">What each policy said ({entries.length})</summary>
      <ul className="mt-2 grid gap-1.5">
        {keyed.map(({ entry, key }) => (
          <Said key={key} entry={entry} />
        ))}
      </ul>
    </details>
  )
}

const Said = ({ entry }: { entry: Entry }) => {
  const effect = entry['decision']
  const told = entry['explanation']
  return (
    <li className="flex min-w-0 flex-wrap items-center gap-2">
      <span className="min-w-0 break-all font-mono text-meta">{String(entry['policy_id'])}</span>
      {isEffect(effect) ? <EffectBadge effect={effect} /> : <span className="text-ink-muted">did not apply</span>}
      {typeof told === 'string' ? <span className="min-w-0 break-words text-ink-muted">{told}</span> : null}
    </li>
  )
}
