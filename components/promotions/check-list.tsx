'use client'

import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { cn } from '@/components/ui/cn'
import type { Check } from '@/lib/promotion/contract'
import { CheckEvidence } from './check-evidence'
import { AWAITED_STATE, CHECKS, isAwaited, STATES, tallyOf } from './promotion-words'

type CheckListProps = { workspaceId: string; checks: readonly Check[] }

/** Every gate with where it stands; what it has shown is unfolded. */
export const CheckList = ({ workspaceId, checks }: CheckListProps) => (
  <>
    <p role="status" className="px-4 py-2 text-ink-muted text-table">
      {tallyOf(checks)}
    </p>
    <ul aria-label="Checks" className="border-line border-t">
      {checks.map((check) => (
        <CheckRow key={check.name} workspaceId={workspaceId} check={check} />
      ))}
    </ul>
  </>
)

const hasEvidence = ({ evidence }: Check): boolean => evidence !== undefined && Object.keys(evidence).length > 0

const CheckRow = ({ workspaceId, check }: { workspaceId: string; check: Check }) => {
  const [isOpen, setOpen] = useState(false)
  return (
    <li data-check={check.name} data-state={check.status} className="min-w-0 border-line border-b last:border-b-0">
      {hasEvidence(check) ? (
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="flex w-full min-w-0 items-start gap-2 px-4 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2"
        >
          <Line check={check} />
          <ChevronRight
            aria-hidden
            className={cn('mt-0.5 size-4 shrink-0 text-ink-muted transition-transform', isOpen && 'rotate-90')}
          />
        </button>
      ) : (
        <div className="flex min-w-0 items-start gap-2 px-4 py-2">
          <Line check={check} />
        </div>
      )}
      {isOpen ? (
        <div className="px-4 pb-3 sheet:pl-10">
          <CheckEvidence workspaceId={workspaceId} check={check} />
        </div>
      ) : null}
    </li>
  )
}

const Line = ({ check }: { check: Check }) => {
  const { icon: Icon, words, look } = isAwaited(check) ? AWAITED_STATE : STATES[check.status]
  return (
    <>
      <Icon
        aria-hidden
        className={cn('mt-0.5 size-4 shrink-0', look, check.status === 'running' && 'motion-safe:animate-spin')}
      />
      <span className="grid min-w-0 grow gap-x-4 gap-y-0.5 text-table sheet:grid-cols-[minmax(0,260px)_minmax(0,1fr)]">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium text-ink">{CHECKS[check.name]}</span>
          <span className={cn('text-meta', look)}>{words}</span>
        </span>
        {check.details ? <span className="break-words text-ink-soft">{check.details}</span> : null}
      </span>
    </>
  )
}
