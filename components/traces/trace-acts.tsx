'use client'

import { Check, GitCompareArrows, Link2, RotateCw, ScrollText } from 'lucide-react'
import { EvaluateTraces } from '@/components/evals/trace-act'
import { ReplayAct } from '@/components/replay/replay-act'
import { useMay } from '@/components/shell/viewer'
import { Button } from '@/components/ui/button'
import { useCopy } from '@/components/ui/use-copy'

type TraceActsProps = { id: string; isRefreshing: boolean; onRefresh: () => void }

// What a role may not do is not there.
export const TraceActs = ({ id, isRefreshing, onRefresh }: TraceActsProps) => {
  const [mayReplay, mayDiff, mayAudit] = [useMay('trace:replay'), useMay('trace:diff'), useMay('audit:view')]
  const { copied, copy } = useCopy()
  const CopyIcon = copied ? Check : Link2
  return (
    <>
      {mayReplay ? <ReplayAct id={id} /> : null}
      {mayDiff ? (
        <Button asChild>
          <a href={`/ops/diff?${new URLSearchParams({ compare: id })}`}>
            <GitCompareArrows aria-hidden className="size-4" /> Compare…
          </a>
        </Button>
      ) : null}
      <EvaluateTraces ids={[id]} size="medium" />
      {mayAudit ? (
        <Button asChild>
          <a href={`/ops/audit?${new URLSearchParams({ trace_id: id })}`}>
            <ScrollText aria-hidden className="size-4" /> Audit rows
          </a>
        </Button>
      ) : null}
      <Button onClick={() => void copy(location.href)} aria-live="polite">
        <CopyIcon aria-hidden className="size-4" /> {copied ? 'Copied' : 'Copy link'}
      </Button>
      <Button onClick={onRefresh} pending={isRefreshing}>
        {isRefreshing ? null : <RotateCw aria-hidden className="size-3.5" />} Refresh
      </Button>
    </>
  )
}
