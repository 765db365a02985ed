'use client'

import { useQuery } from '@tanstack/react-query'
import { CircleCheck, CircleX } from 'lucide-react'
import { QueryView } from '@/components/states/query-view'
import { Skeleton } from '@/components/ui/skeleton'
import { opsExplain } from '@/lib/auth/contract'
import { queryFor } from '@/lib/shared/query'
import type { Permission } from '@/lib/shared/rbac'

const Mark = ({ passed }: { passed: boolean }) => {
  const Icon = passed ? CircleCheck : CircleX
  return (
    <>
      <Icon aria-hidden className={passed ? 'size-4 shrink-0 text-ok' : 'size-4 shrink-0 text-bad'} />
      <span className="sr-only">{passed ? 'Passed' : 'Failed'}</span>
    </>
  )
}

export const Verdict = ({ permission }: { permission: Permission }) => {
  const query = useQuery(queryFor(opsExplain, { query: { permission } }))
  return (
    <QueryView query={query} what="The explanation" skeleton={<Skeleton className="h-28 w-full" />}>
      {(explanation) => (
        <div className="grid gap-3 text-left">
          <p className="flex items-start gap-2 font-medium text-ink text-prose">
            <span className="mt-[3px] flex">
              <Mark passed={explanation.allowed} />
            </span>
            {explanation.reason}
          </p>
          <ol className="grid gap-px overflow-hidden rounded-md border border-line bg-line">
            {explanation.steps.map((step) => (
              <li key={step.check} className="flex items-start gap-2.5 bg-surface px-3 py-2 text-table">
                <span className="mt-0.5 flex">
                  <Mark passed={step.passed} />
                </span>
                <span className="grid min-w-0">
                  <span className="text-ink first-letter:uppercase">{step.check}</span>
                  <span className="break-words text-ink-muted text-meta">{step.detail}</span>
                </span>
              </li>
            ))}
          </ol>
        </div>
      )}
    </QueryView>
  )
}
