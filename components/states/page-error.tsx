'use client'

import { RotateCw, TriangleAlert } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { CopyId } from '@/components/ui/copy-id'

export type Broken = { error: Error & { digest?: string }; reset: () => void }

export const PageError = ({ error, reset }: Broken) => (
  <div role="alert" className="mx-auto grid max-w-lg justify-items-center gap-3 px-4 py-12 text-center">
    <span className="grid size-10 place-items-center rounded-md bg-bad-soft">
      <TriangleAlert aria-hidden className="size-5 text-bad" />
    </span>
    <h1 className="font-semibold text-ink text-title">This page failed</h1>
    <p className="text-ink-muted text-prose">
      The fault is on our side and is in the server’s log. The other pages still work.
    </p>
    {error.digest ? (
      <p className="flex items-center gap-1.5 text-ink-muted text-meta">
        Log reference <CopyId id={error.digest} what="log reference" full />
      </p>
    ) : null}
    <Button onClick={reset}>
      <RotateCw aria-hidden className="size-3.5" /> Try again
    </Button>
  </div>
)
