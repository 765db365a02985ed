'use client'

import { useState } from 'react'
import { QueryView } from '@/components/states/query-view'
import { Money } from '@/components/traces/trace-cells'
import { runName, traceHref } from '@/components/traces/trace-words'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import type { LedgerLine } from '@/lib/governance/contract'
import { useCharges } from './use-budgets'
import { WhyDialog } from './why-dialog'

export const ChargesCard = () => {
  const query = useCharges()
  const [asked, setAsked] = useState<LedgerLine | null>(null)
  return (
    <Card title="Newest lines of the ledger" flush>
      <QueryView query={query} what="The ledger" skeleton={<Skeleton className="m-4 h-40" />}>
        {({ entries }) =>
          entries.length === 0 ? (
            <p className="px-4 py-6 text-center text-ink-muted text-table">
              Nothing was charged yet. The first call of a model stands here before it is made.
            </p>
          ) : (
            <ul className="max-h-[420px] divide-y divide-line overflow-y-auto">
              {entries.map((line) => (
                <Line key={line.id} line={line} ask={() => setAsked(line)} />
              ))}
            </ul>
          )
        }
      </QueryView>
      <WhyDialog line={asked} onOpenChange={(open) => (open ? null : setAsked(null))} />
    </Card>
  )
}

const STATES = {
  reserved: { tone: 'info', word: 'Held' },
  settled: null,
  released: { tone: 'system', word: 'Given back' },
  expired: { tone: 'warn', word: 'Expired' },
} as const

const Line = ({ line, ask }: { line: LedgerLine; ask: () => void }) => {
  const state = STATES[line.state]
  const name = runName({ name: line.adapter_id, agent_role: line.agent_role, kind: line.kind })
  return (
    <li className="flex min-h-11 items-center gap-3 px-4 py-1.5 text-table hover:bg-hover">
      <span className="grid min-w-0 grow">
        {line.trace_id ? (
          <a
            href={traceHref(line.trace_id)}
            className="truncate text-ink underline-offset-2 hover:text-accent hover:underline"
          >
            {name}
          </a>
        ) : (
          <span className="truncate">{name}</span>
        )}
        <span className="truncate text-ink-muted text-meta">
          <RelativeTime iso={line.created_at} /> · {line.model} · {line.workspace_id}
        </span>
      </span>
      {state ? <Badge tone={state.tone}>{state.word}</Badge> : null}
      <span className="shrink-0 text-right">
        <Money
          micro={line.state === 'reserved' ? line.reserved_micro_usd : line.cost_micro_usd}
          estimated={line.is_estimated}
        />
      </span>
      <Button look="quiet" size="small" onClick={ask} aria-label={`Why did ${name} cost this?`}>
        Why?
      </Button>
    </li>
  )
}
