'use client'

import { z } from 'zod'
import { ErrorLine } from '@/components/states/error-state'
import { isApiError } from '@/lib/shared/api-client'

const Details = z.object({ fieldErrors: z.record(z.string(), z.array(z.string())) }).catch({ fieldErrors: {} })
const MOST = 12

/** What was wrong with cases, case by case; a version that moved on is said as what it is. */
export const SaveFaults = ({ error }: { error: unknown }) => {
  const faults = isApiError(error) ? Object.entries(Details.parse(error.details).fieldErrors) : []
  const lines = faults.flatMap(([field, said]) => said.map((text) => ({ field, text })))
  const isStale = isApiError(error) && error.code === 'version_conflict'
  return (
    <div className="grid gap-2">
      <ErrorLine error={error} />
      {isStale ? (
        <p className="text-ink-soft text-table">
          Somebody saved a version meanwhile, or the name is taken. Close this, look at what is there, and do it again.
        </p>
      ) : null}
      {lines.length > 0 ? (
        <ul aria-label="What is wrong" className="grid gap-1 text-bad text-table">
          {lines.slice(0, MOST).map(({ field, text }) => (
            <li key={`${field} ${text}`} className="break-words">
              <span className="font-mono text-meta">{field}</span> {text}
            </li>
          ))}
          {lines.length > MOST ? <li>and {lines.length - MOST} more</li> : null}
        </ul>
      ) : null}
    </div>
  )
}
