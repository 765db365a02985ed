'use client'

import { useState } from 'react'
import { QueryView } from '@/components/states/query-view'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { formatUtc } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import type { Evidence, ExecutionView } from '@/lib/adapters/contract'
import { useEvidence, useExecutions } from './use-agents'

const TONES = { allow: 'ok', deny: 'bad', pending: 'warn' } as const
const WORDS = { allow: 'Allowed', deny: 'Refused', pending: 'Waits' } as const

const isEffect = (effect: string): effect is keyof typeof TONES => Object.hasOwn(TONES, effect)

const Effect = ({ effect }: { effect: string }) => (
  <Badge tone={isEffect(effect) ? TONES[effect] : 'system'}>{isEffect(effect) ? WORDS[effect] : effect}</Badge>
)

export const AdapterExecutions = ({ id }: { id: string }) => (
  <QueryView query={useExecutions(id)} what="Its executions" skeleton={<Skeleton className="h-40 w-full" />}>
    {({ executions, total }) =>
      executions.length === 0 ? (
        <p className="text-ink-muted text-table">It has asked for nothing yet.</p>
      ) : (
        <div className="grid gap-2">
          <ul className="divide-y divide-line rounded-md border border-line">
            {executions.map((execution) => (
              <Execution key={execution.execution_id} execution={execution} />
            ))}
          </ul>
          {total > executions.length ? (
            <p className="text-ink-muted text-meta">
              The newest {executions.length} of {total}
            </p>
          ) : null}
        </div>
      )
    }
  </QueryView>
)

const scopeOf = ({ granted_scope: granted, used_scope: used }: ExecutionView): string => {
  if (granted === null) return 'nothing granted'
  const cost = granted.max_cost === null ? '' : `, $${used.actual_cost} of $${granted.max_cost}`
  return `${used.step_count} of ${granted.max_steps} steps${cost}`
}

const Execution = ({ execution }: { execution: ExecutionView }) => {
  const [open, setOpen] = useState(false)
  return (
    <li className="grid gap-1.5 px-3 py-2 text-table">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Effect effect={execution.effect} />
        <code className="min-w-0 grow break-all font-mono text-meta">{execution.execution_id}</code>
        <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          Evidence
        </Button>
      </div>
      <p className="text-ink-muted text-meta">
        {scopeOf(execution)} · {execution.workspace_id} · {execution.environment} · risk {execution.risk_level}
      </p>
      {open ? <EvidenceOf id={execution.execution_id} /> : null}
    </li>
  )
}

const EvidenceOf = ({ id }: { id: string }) => (
  <QueryView query={useEvidence(id)} what="The evidence" skeleton={<Skeleton className="h-20 w-full" />}>
    {(found) => (
      <div className="grid gap-2">
        <Lines title="Seen here" lines={found.seen_here.map(seen)} />
        <Lines title="Told by the agent" lines={found.reported.map(told)} />
        {found.withheld ? <p className="text-ink-muted text-meta">What it said in words is withheld.</p> : null}
      </div>
    )}
  </QueryView>
)

type EvidenceLine = { key: string; at: string; text: string; note: string }

const seen = (one: Evidence['seen_here'][number], at: number): EvidenceLine => ({
  key: `${at} ${one.id}`,
  at: one.at,
  text: one.summary,
  note: one.tool ?? '',
})

const told = (one: Evidence['reported'][number], at: number): EvidenceLine => ({
  key: `${at} ${one.payload_hash}`,
  at: one.received_at,
  text: one.kind,
  note: one.evidence === 'signed' ? 'signed' : 'on its own word',
})

const Lines = ({ title, lines }: { title: string; lines: readonly EvidenceLine[] }) => (
  <section aria-label={title} className="grid gap-1">
    <h4 className="font-medium text-ink text-meta">{title}</h4>
    {lines.length === 0 ? <p className="text-ink-muted text-meta">Nothing.</p> : null}
    <ol className="grid gap-1">
      {lines.map((line) => (
        <li key={line.key} className="flex flex-wrap gap-x-2 text-meta" title={formatUtc(line.at)}>
          <RelativeTime iso={line.at} className="text-ink-muted" />
          <span className="min-w-0 break-words">{line.text}</span>
          <span className="text-ink-muted">{line.note}</span>
        </li>
      ))}
    </ol>
  </section>
)
