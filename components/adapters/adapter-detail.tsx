'use client'

import type { ReactNode } from 'react'
import { linkStyle } from '@/components/policies/policy-words'
import { useMay } from '@/components/shell/viewer'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import { formatCount, formatUtc } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { Tabs } from '@/components/ui/tabs'
import { AdapterActs } from './adapter-acts'
import { PostureBadge, TierBadge, TrustOfReports } from './adapter-columns'
import { AdapterExecutions } from './adapter-executions'
import { AdapterKeys } from './adapter-keys'
import { AdapterTools } from './adapter-tools'
import { decisionsOf, POSTURES, sumOf } from './adapter-words'
import type { AgentView } from './use-agents'

export const AdapterDetail = ({ agent }: { agent: AgentView }) => {
  const seesActs = useMay('audit:view')
  const acts = [
    { id: 'executions', label: 'Executions', content: <AdapterExecutions id={agent.adapter_id} /> },
    { id: 'tools', label: 'Tools', content: <AdapterTools id={agent.adapter_id} /> },
  ]
  return (
    <>
      <p className="flex flex-wrap items-center gap-2 text-ink-soft text-table">
        <PostureBadge agent={agent} />
        {agent.enabled ? POSTURES[agent.posture.status].means : 'Everything that it asks is refused.'}
      </p>
      <AdapterActs agent={agent} />
      <Tabs
        label="About this agent"
        tabs={[
          { id: 'facts', label: 'Facts', content: <AdapterFacts agent={agent} /> },
          ...(seesActs ? acts : []),
          { id: 'keys', label: 'Keys', content: <AdapterKeys agent={agent} /> },
        ]}
      />
    </>
  )
}

const names = (list: readonly string[]): ReactNode =>
  list.length === 0 ? (
    <span className="text-ink-muted">None</span>
  ) : (
    <span className="break-all font-mono text-meta">{list.join(', ')}</span>
  )

const Decisions = ({ agent }: { agent: AgentView }) => {
  const { decisions } = agent
  const told = Object.entries(decisions).map(([status, count]) => `${formatCount(count)} ${status}`)
  const text = sumOf(decisions) === 0 ? 'None yet' : told.join(', ')
  if (!useMay('decision:resolve') || sumOf(decisions) === 0) return <>{text}</>
  return (
    <a href={decisionsOf(agent.adapter_id)} className={linkStyle}>
      {text}
    </a>
  )
}

const Reports = ({ agent }: { agent: AgentView }) => (
  <span className="flex flex-wrap items-center gap-2">
    <TrustOfReports agent={agent} />
    <span className="text-ink-muted">
      {formatCount(agent.reports['signed'] ?? 0)} signed, {formatCount(agent.reports['self_attested'] ?? 0)} on its own
      word{agent.reports['platform'] ? `, ${formatCount(agent.reports['platform'])} found here` : ''}
    </span>
  </span>
)

const AdapterFacts = ({ agent }: { agent: AgentView }) => (
  <Facts
    facts={[
      { name: 'Agent id', value: <CopyId id={agent.adapter_id} what="agent id" full /> },
      { name: 'Version', value: agent.version },
      { name: 'Risk class', value: <span className="inline-block first-letter:uppercase">{agent.risk_class}</span> },
      { name: 'Certified', value: <TierBadge tier={agent.certification_tier} /> },
      { name: 'Capabilities', value: names(agent.capabilities) },
      { name: 'Covered tools', value: names(agent.posture.covered_tools) },
      { name: 'Not covered', value: names(agent.posture.uncovered_tools) },
      { name: 'Policies', value: `${formatCount(agent.posture.policy_count)} can speak of it` },
      {
        name: 'Fallback',
        value: agent.posture.fallback_present ? 'A policy holds where nothing else speaks' : 'None: the mode decides',
      },
      { name: 'Decisions', value: <Decisions agent={agent} /> },
      { name: 'Reports', value: <Reports agent={agent} /> },
      { name: 'Registered', value: formatUtc(agent.registered_at) },
      {
        name: 'Last seen',
        value: <RelativeTime iso={agent.last_seen_at} />,
      },
      ...(agent.disabled_at
        ? [
            {
              name: 'Disabled',
              value: `${formatUtc(agent.disabled_at)} by ${agent.disabled_by?.replace(/^user:/, '') ?? 'itself'}`,
            },
          ]
        : []),
    ]}
  />
)
