'use client'

import { roleName } from '@/components/shell/role-names'
import { useMay } from '@/components/shell/viewer'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import { formatUtc } from '@/components/ui/format'
import type { PolicyView } from '@/lib/governance/contract'
import { conditionWords, linesOf } from './condition-text'
import { PolicyActs } from './policy-acts'
import { EffectBadge } from './policy-badges'
import { PolicySwitch, SourceBadge } from './policy-columns'
import { decisionsHref, isFiled, linkStyle, scopeText, subjectText } from './policy-words'

export const PolicyDetail = ({ policy }: { policy: PolicyView }) => (
  <>
    <div className="flex flex-wrap items-center gap-2">
      <EffectBadge effect={policy.effect.decision} />
      <PolicySwitch enabled={policy.enabled} />
      <SourceBadge source={policy.source} />
    </div>
    {policy.explanation ? <p className="break-words text-ink text-prose">{policy.explanation}</p> : null}
    <Conditions policy={policy} />
    <Facts facts={factsOf(policy)} />
    <Decisions policy={policy} />
    {isFiled(policy) ? (
      <p className="text-ink-muted text-table">
        It stands in a file{policy.source === 'server' ? ' of this server' : ' of the workspace'} and is changed there.
      </p>
    ) : (
      <PolicyActs policy={policy} />
    )}
  </>
)

const Conditions = ({ policy }: { policy: PolicyView }) => {
  const lines = linesOf(policy.conditions)
  return (
    <section aria-label="Rule" className="grid gap-1.5 rounded-md border border-line bg-sunken px-3 py-2 text-table">
      <p className="break-words text-ink">{subjectText(policy)}</p>
      {lines.map((line) => (
        <p key={line.key} className="flex gap-2">
          <span className="text-ink-muted">and</span>
          <code className="min-w-0 break-all font-mono text-meta">{conditionWords(line)}</code>
        </p>
      ))}
      {lines.length === 0 ? <p className="text-ink-muted">Without further conditions.</p> : null}
    </section>
  )
}

const said = (who: string | null, at: string | null): string =>
  [who?.replace(/^user:/, ''), at === null ? null : formatUtc(at)].filter(Boolean).join(', ')

const factsOf = (policy: PolicyView) => [
  { name: 'Holds in', value: scopeText(policy) },
  { name: 'Precedence', value: `${policy.precedence}; the higher wins, then deny over approval over allow` },
  ...(policy.effect.decision === 'require_approval'
    ? [{ name: 'Approved by', value: `${roleName(policy.effect.required_role ?? 'release_manager')} or above` }]
    : []),
  ...(policy.is_fallback ? [{ name: 'Fallback', value: 'Holds for external agents where nothing else speaks' }] : []),
  ...(policy.created_at ? [{ name: 'Made', value: said(policy.created_by, policy.created_at) }] : []),
  ...(policy.revision !== null && policy.revision > 1
    ? [{ name: 'Changed', value: said(policy.updated_by, policy.updated_at) }]
    : []),
  ...(policy.revision === null ? [] : [{ name: 'Revision', value: policy.revision }]),
  { name: 'Policy id', value: <CopyId id={policy.policy_id} what="policy id" full /> },
]

const Decisions = ({ policy }: { policy: PolicyView }) =>
  useMay('decision:resolve') ? (
    <p className="text-table">
      <a href={decisionsHref(policy.policy_id)} className={linkStyle}>
        Decisions that it spoke in
      </a>
    </p>
  ) : null
