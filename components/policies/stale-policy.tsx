'use client'

import { useQuery } from '@tanstack/react-query'
import { GitMerge } from 'lucide-react'
import { ErrorLine } from '@/components/states/error-state'
import { Button } from '@/components/ui/button'
import { formatUtc } from '@/components/ui/format'
import { opsGetPolicy, type PolicyView } from '@/lib/governance/contract'
import { queryFor } from '@/lib/shared/query'

type Props = { id: string; onLoad: (stored: PolicyView, isMine: boolean) => void }

/** Two people at one policy: nobody's words are lost, and nobody's are overwritten unseen. */
export const StalePolicy = ({ id, onLoad }: Props) => {
  const { data, error } = useQuery({
    ...queryFor(opsGetPolicy, { params: { policy_id: id } }),
    staleTime: 0,
    refetchOnMount: 'always',
  })
  if (error) return <ErrorLine error={error} />
  if (!data) return null
  const { policy } = data
  const who = policy.updated_by?.replace(/^user:/, '') ?? 'Somebody'
  return (
    <section
      aria-label="Changed meanwhile"
      className="grid gap-2 rounded-md bg-warn-soft px-4 py-3 text-table text-warn"
    >
      <p className="flex items-start gap-2 font-medium">
        <GitMerge aria-hidden className="mt-0.5 size-4 shrink-0" />
        {who} changed this policy while you wrote: it is at revision {policy.revision}
        {policy.updated_at ? `, since ${formatUtc(policy.updated_at)}` : ''}. Nothing of yours is saved, nothing is
        lost.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button size="small" onClick={() => onLoad(policy, false)}>
          Take what is stored
        </Button>
        <Button size="small" onClick={() => onLoad(policy, true)}>
          Keep mine, to be saved over it
        </Button>
      </div>
    </section>
  )
}
