'use client'

import { type LucideIcon, ShieldAlert, ShieldCheck, ShieldOff, ShieldQuestion } from 'lucide-react'
import { useState } from 'react'
import { Badge, type Tone } from '@/components/ui/badge'
import { formatUtc } from '@/components/ui/format'
import { Popover } from '@/components/ui/popover'
import type { Trace } from '@/lib/tracing/contract'

type Look = { tone: Tone; icon: LucideIcon; word: string; means: string }

const LOOKS: Record<Trace['integrity_status'], Look> = {
  verified: {
    tone: 'ok',
    icon: ShieldCheck,
    word: 'Verified',
    means: 'Each step carries the hash of the one before it. All were computed again just now, and they fit.',
  },
  compromised: {
    tone: 'bad',
    icon: ShieldAlert,
    word: 'Compromised',
    means: 'The hashes of its steps do not fit together: the record was changed after it was written.',
  },
  unsigned: {
    tone: 'system',
    icon: ShieldOff,
    word: 'Unsigned',
    means: 'It came in from outside, so its steps carry no hashes that could be checked here.',
  },
  unverified: {
    tone: 'warn',
    icon: ShieldQuestion,
    word: 'Not verified',
    means: 'Its steps were not checked, for instance because retention dropped them.',
  },
}

// Says whether the record is as it was written, and opens to why one may believe that.
export const TrustBadge = ({ trace }: { trace: Trace }) => {
  const [open, setOpen] = useState(false)
  const { tone, icon, word, means } = LOOKS[trace.integrity_status]
  const trigger = (
    <button type="button" className="inline-flex min-h-6 items-center rounded-sm" aria-label={`Integrity: ${word}`}>
      <Badge tone={tone} icon={icon}>
        {word}
      </Badge>
    </button>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label="Integrity">
      <div className="grid gap-2 p-2.5 text-ink-soft text-table">
        <p>{means}</p>
        {trace.integrity_failures.map((failure) => (
          <p key={failure} className="break-words text-bad">
            {failure}
          </p>
        ))}
        {trace.violations.length > 0 ? (
          <p className="text-warn">
            It went beyond what it was granted: {trace.violations.map(({ message }) => message).join('; ')}.
          </p>
        ) : null}
        {trace.integrity_checked_at ? (
          <p className="text-ink-muted text-meta">Checked {formatUtc(trace.integrity_checked_at)}</p>
        ) : null}
      </div>
    </Popover>
  )
}
