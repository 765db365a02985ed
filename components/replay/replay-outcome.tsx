'use client'

import { CircleCheck, CircleX, GitCompareArrows, type LucideIcon, Split } from 'lucide-react'
import { diffHref, traceHref } from '@/components/traces/trace-words'
import { Badge, type Tone } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { CopyId } from '@/components/ui/copy-id'
import { DialogFooter } from '@/components/ui/dialog'
import { Facts } from '@/components/ui/facts'
import type { ReplayReply } from '@/lib/runtime/contract'

const LOOKS: Record<ReplayReply['status'], { tone: Tone; icon: LucideIcon; word: string }> = {
  completed: { tone: 'ok', icon: CircleCheck, word: 'Ran to its end' },
  diverged: { tone: 'warn', icon: Split, word: 'Went another way' },
  failed: { tone: 'bad', icon: CircleX, word: 'Failed' },
}

const partingWords = ({ step, what }: NonNullable<ReplayReply['first_divergence']>): string => `Step ${step}: ${what}`

type ReplayOutcomeProps = { reply: ReplayReply; again: () => void }

// How it went, and the way to what differs.
export const ReplayOutcome = ({ reply, again }: ReplayOutcomeProps) => {
  const { tone, icon, word } = LOOKS[reply.status]
  const parting = reply.first_divergence
  return (
    <div role="status" className="grid gap-4">
      <p className="flex flex-wrap items-center gap-2 text-table">
        <Badge tone={tone} icon={icon}>
          {word}
        </Badge>
        <span className="min-w-0 break-words">{reply.message}</span>
      </p>
      <Facts
        facts={[
          ...(parting ? [{ name: 'Parts at', value: partingWords(parting) }] : []),
          { name: 'Compared', value: reply.diff.verdict },
          { name: 'New trace', value: <CopyId id={reply.trace_id} what="trace id" full /> },
        ]}
      />
      <DialogFooter>
        <Button onClick={again}>Run it otherwise</Button>
        <Button asChild>
          <a href={traceHref(reply.trace_id)}>Open the new trace</a>
        </Button>
        <Button asChild look="primary">
          <a href={diffHref(reply.original_trace_id, reply.trace_id)}>
            <GitCompareArrows aria-hidden className="size-4" /> See what differs
          </a>
        </Button>
      </DialogFooter>
    </div>
  )
}
