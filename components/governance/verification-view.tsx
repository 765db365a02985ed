'use client'

import { ShieldAlert, ShieldCheck } from 'lucide-react'
import type { z } from 'zod'
import { ErrorState } from '@/components/states/error-state'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import { formatCount, formatDuration } from '@/components/ui/format'
import { Skeleton } from '@/components/ui/skeleton'
import type { Verification } from '@/lib/governance/contract'

type Result = z.infer<typeof Verification>
type Verify = { data: { data: Result } | undefined; error: unknown; isPending: boolean }

export const VerificationView = ({ verify, onAgain }: { verify: Verify; onAgain: () => void }) => {
  if (verify.isPending)
    return (
      <div role="status" className="grid gap-4">
        <p className="text-ink-muted text-table">Reading the whole log…</p>
        <Skeleton className="h-24 w-full" />
      </div>
    )
  if (verify.error) return <ErrorState error={verify.error} what="The verification" onRetry={onAgain} />
  return verify.data ? <Outcome result={verify.data.data} /> : null
}

const Outcome = ({ result }: { result: Result }) => (
  <div role="status" className="grid gap-4">
    <Sentence result={result} />
    <Facts
      facts={[
        { name: 'Events', value: formatCount(result.checked) },
        {
          name: 'Payloads',
          value: `${formatCount(result.payloads_checked)} checked, ${formatCount(result.payloads_erased)} erased`,
        },
        { name: 'Checkpoints', value: formatCount(result.checkpoints_checked) },
        { name: 'Took', value: formatDuration(result.duration_ms) },
        { name: 'Root', value: <CopyId id={result.root_hash} what="root hash" full /> },
      ]}
    />
    {result.failures.length > 0 ? <Failures failures={result.failures} /> : null}
  </div>
)

const Sentence = ({ result }: { result: Result }) =>
  result.ok ? (
    <p className="flex items-center gap-2 rounded-md bg-ok-soft px-3 py-2 font-medium text-ok text-prose">
      <ShieldCheck aria-hidden className="size-4 shrink-0" /> The log is complete and unchanged.
    </p>
  ) : (
    <p className="flex items-center gap-2 rounded-md bg-bad-soft px-3 py-2 font-medium text-bad text-prose">
      <ShieldAlert aria-hidden className="size-4 shrink-0" /> The log was tampered with or is damaged.
    </p>
  )

const Failures = ({ failures }: { failures: Result['failures'] }) => (
  <ul className="grid gap-px overflow-hidden rounded-md border border-line bg-line text-table">
    {failures.map((failure) => (
      <li key={`${failure.code} ${failure.seq}`} className="grid gap-0.5 bg-surface px-3 py-2">
        <span className="font-mono text-bad text-meta">{failure.code}</span>
        <span>
          {failure.message}{' '}
          {failure.seq ? (
            <a href={`/ops/audit?peek=${failure.seq}`} className="text-accent underline underline-offset-2">
              Event {failure.seq}
            </a>
          ) : null}
        </span>
      </li>
    ))}
  </ul>
)
