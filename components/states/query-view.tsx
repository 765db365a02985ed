'use client'

import type { ReactNode } from 'react'
import { ErrorLine, ErrorState } from './error-state'

type Query<T> = { data: T | undefined; error: unknown; isFetching: boolean; refetch: () => unknown }

type QueryViewProps<T> = {
  query: Query<T>
  what: string
  stillWorks?: string
  skeleton: ReactNode
  children: (data: T) => ReactNode
}

// One order for every screen: data stays on screen while it is fetched again, even when that fails.
export const QueryView = <T,>({ query, what, stillWorks, skeleton, children }: QueryViewProps<T>) => {
  if (query.data !== undefined)
    return (
      <>
        {query.error ? <ErrorLine error={query.error} /> : null}
        {children(query.data)}
      </>
    )
  if (!query.error) return <div aria-busy="true">{skeleton}</div>
  return (
    <ErrorState
      error={query.error}
      what={what}
      {...(stillWorks ? { stillWorks } : {})}
      onRetry={() => void query.refetch()}
      retrying={query.isFetching}
    />
  )
}
