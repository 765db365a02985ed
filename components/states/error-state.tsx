'use client'

import { RotateCw, TriangleAlert } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { CopyId } from '@/components/ui/copy-id'
import { isApiError } from '@/lib/shared/api-client'

type ErrorStateProps = { error: unknown; what: string; stillWorks?: string; onRetry?: () => void; retrying?: boolean }

const messageOf = (error: unknown): string =>
  isApiError(error) ? error.message : 'The page met something that it did not expect.'

export const ErrorState = ({ error, what, stillWorks, onRetry, retrying }: ErrorStateProps) => {
  const requestId = isApiError(error) ? error.requestId : null
  return (
    <div role="alert" className="mx-auto grid max-w-lg justify-items-center gap-3 px-4 py-12 text-center">
      <span className="grid size-10 place-items-center rounded-md bg-bad-soft">
        <TriangleAlert aria-hidden className="size-5 text-bad" />
      </span>
      <h2 className="font-semibold text-ink text-title">{what} could not be loaded</h2>
      <p className="text-ink-muted text-prose">
        {messageOf(error)} {stillWorks}
      </p>
      {requestId ? (
        <p className="flex items-center gap-1.5 text-ink-muted text-meta">
          Request <CopyId id={requestId} what="request id" full />
        </p>
      ) : null}
      {onRetry ? (
        <Button onClick={onRetry} pending={retrying ?? false}>
          {retrying ? null : <RotateCw aria-hidden className="size-3.5" />}
          Try again
        </Button>
      ) : null}
    </div>
  )
}

export const ErrorLine = ({ error }: { error: unknown }) => (
  <p role="alert" className="flex flex-wrap items-center gap-x-2 rounded-md bg-bad-soft px-3 py-2 text-bad text-table">
    <TriangleAlert aria-hidden className="size-4 shrink-0" />
    <span className="min-w-0 grow">{messageOf(error)}</span>
    {isApiError(error) && error.requestId ? <CopyId id={error.requestId} what="request id" /> : null}
  </p>
)
