'use client'

import { linkStyle } from '@/components/policies/policy-words'
import { useViewer } from '@/components/shell/viewer'
import { QueryView } from '@/components/states/query-view'
import { none, RiskLevel } from '@/components/traces/trace-cells'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import { formatUtc } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import type { DecisionDetail as Detail } from '@/lib/governance/contract'
import { DecisionAction } from './decision-action'
import { riskOf } from './decision-columns'
import { CostSoFar, RunLink } from './decision-run'
import { DecisionStatus } from './decision-status'
import { DecisionWhy } from './decision-why'
import { ORIGINS, personOf, requiredRole } from './decision-words'
import { PolicyFromDecision } from './policy-from-decision'
import { ResolutionNote } from './resolution-note'
import { ResolveForm } from './resolve-form'
import { useDecision } from './use-decisions'

export const DecisionDetail = ({ id }: { id: string }) => (
  <QueryView
    query={useDecision(id)}
    what="This decision"
    stillWorks="The list still works."
    skeleton={<DetailSkeleton />}
  >
    {({ decision }) => <Body decision={decision} />}
  </QueryView>
)

const DetailSkeleton = () => (
  <div className="grid gap-5">
    <Skeleton className="h-6 w-40" />
    <Skeleton className="h-32 w-full" />
    <Skeleton className="h-56 w-full" />
  </div>
)

const Body = ({ decision }: { decision: Detail }) => {
  const { me } = useViewer()
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <DecisionStatus status={decision.status} />
        <Left decision={decision} />
      </div>
      <p className="break-words text-ink text-prose">{decision.explanation}</p>
      <DecisionAction decision={decision} />
      {decision.status === 'pending' ? (
        <ResolveForm decision={decision} role={me.user.role} />
      ) : (
        <ResolutionNote decision={decision} />
      )}
      <Facts facts={[...placeFacts(decision), ...weightFacts(decision), ...askFacts(decision)]} />
      <DecisionWhy decision={decision} />
      <PolicyFromDecision decision={decision} />
    </>
  )
}

const Left = ({ decision: { status, expires_at: until, created_at: at } }: { decision: Detail }) => {
  if (status !== 'pending' || until === null) return <RelativeTime iso={at} className="text-ink-muted text-table" />
  return (
    <span className="text-table text-warn">
      Expires <RelativeTime iso={until} />
    </span>
  )
}

const agentLink = (id: string) => (
  <a href={`/ops/agents?${new URLSearchParams({ peek: id })}`} className={linkStyle}>
    {id}
  </a>
)

const placeFacts = (decision: Detail) => [
  { name: 'Asked for', value: ORIGINS[decision.origin] },
  ...(decision.adapter_id === null
    ? [{ name: 'Agent', value: decision.agent_role ?? none }]
    : [{ name: 'Agent', value: agentLink(decision.adapter_id) }]),
  { name: 'Where', value: `${decision.workspace_id} · ${decision.environment}` },
  ...(decision.trace_id === null ? [] : [{ name: 'Run', value: <RunLink id={decision.trace_id} /> }]),
  ...(decision.execution_id === null || decision.adapter_id === null
    ? []
    : [{ name: 'Execution', value: <CopyId id={decision.execution_id} what="execution id" full /> }]),
]

const weightFacts = (decision: Detail) => [
  { name: 'Risk', value: <RiskLevel risk={riskOf(decision)} /> },
  { name: 'Cost so far', value: <CostSoFar decision={decision} /> },
]

const askFacts = (decision: Detail) => [
  { name: 'Requested by', value: personOf(decision.requested_by) },
  ...(decision.user_id === null ? [] : [{ name: 'In the name of', value: decision.user_id }]),
  {
    name: 'Requested',
    value: (
      <>
        {formatUtc(decision.created_at)} · <RelativeTime iso={decision.created_at} className="text-ink-muted" />
      </>
    ),
  },
  ...(decision.decision === 'require_approval'
    ? [{ name: 'Approved by', value: `${requiredRole(decision).replace('_', ' ')} or above, not by who asked` }]
    : []),
  ...(decision.expires_at === null ? [] : [{ name: 'Expires', value: formatUtc(decision.expires_at) }]),
  { name: 'Action hash', value: <CopyId id={decision.action_hash} what="action hash" /> },
  { name: 'Decision id', value: <CopyId id={decision.decision_id} what="decision id" full /> },
]
