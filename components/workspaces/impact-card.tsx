'use client'

import { OctagonAlert, ShieldAlert, ShieldCheck } from 'lucide-react'
import { QueryView } from '@/components/states/query-view'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { Facts } from '@/components/ui/facts'
import { formatCount } from '@/components/ui/format'
import { Skeleton } from '@/components/ui/skeleton'
import type { Impact } from '@/lib/workspace/contract/impact'
import { useImpact } from './use-workspaces'

const LEVELS = {
  low: { tone: 'ok', icon: ShieldCheck, words: 'Low risk' },
  medium: { tone: 'warn', icon: ShieldAlert, words: 'Medium risk' },
  high: { tone: 'bad', icon: OctagonAlert, words: 'High risk' },
} as const

export const RiskBadge = ({ level }: { level: Impact['risk']['level'] }) => {
  const { tone, icon, words } = LEVELS[level]
  return (
    <Badge tone={tone} icon={icon}>
      {words}
    </Badge>
  )
}

/** What a change is likely to do, and why that is thought. */
export const ImpactCard = ({ id, from, to }: { id: string; from: string; to: string | null }) => {
  const query = useImpact(id, from, to)
  return (
    <Card title="Impact" {...(query.data ? { actions: <RiskBadge level={query.data.analysis.risk.level} /> } : {})}>
      <QueryView query={query} what="The impact" skeleton={<Skeleton className="h-24" />}>
        {({ analysis }) => <View impact={analysis} />}
      </QueryView>
    </Card>
  )
}

const signed = (value: number): string => `${value > 0 ? '+' : value < 0 ? '−' : '±'}${formatCount(Math.abs(value))}`

const COSTS = {
  increase: 'A run costs more: its prompt is longer',
  decrease: 'A run costs less: its prompt is shorter',
  unchanged: 'A run costs the same',
  unknown: 'Cannot be told from the files',
} as const

const promptWords = ({ prompt_impact: { delta, percent_change: percent, new_size: now } }: Impact): string =>
  `${signed(delta)} characters${percent === null ? '' : ` (${percent > 0 ? '+' : ''}${percent} %)`}, ${formatCount(now)} in all`

const View = ({ impact }: { impact: Impact }) => (
  <div className="grid gap-4 sheet:grid-cols-2">
    <Facts
      className="content-start"
      facts={[
        { name: 'Prompt', value: promptWords(impact) },
        { name: 'Cost', value: COSTS[impact.summary.estimated_cost_impact] },
        { name: 'Skills touched', value: formatCount(impact.summary.skills_affected) },
        { name: 'Permissions', value: `${formatCount(impact.summary.permissions_changed)} changed` },
      ]}
    />
    <div className="grid content-start gap-3">
      <List title="Risk factors" items={impact.risk.factors} none="None was found." />
      <List title="To look at" items={impact.recommendations} none="Nothing in particular." />
    </div>
  </div>
)

const List = ({ title, items, none }: { title: string; items: readonly string[]; none: string }) => (
  <section aria-label={title} className="grid gap-1">
    <h3 className="font-medium text-ink text-table">{title}</h3>
    {items.length === 0 ? (
      <p className="text-ink-muted text-table">{none}</p>
    ) : (
      <ul className="grid list-disc gap-0.5 pl-5 text-ink-soft text-table">
        {items.map((item) => (
          <li key={item} className="break-words">
            {item}
          </li>
        ))}
      </ul>
    )}
  </section>
)
