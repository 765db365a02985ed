'use client'

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { call } from '@/lib/shared/api-client'
import { keyOf, queryFor } from '@/lib/shared/query'
import { opsGetSpan, opsListSpans, type SpanRow } from '@/lib/tracing/contract'
import { FIRST_SPANS } from './first-spans'

const PAGE = '5000'
// What ended does not change by itself; whoever wants to see news of a running trace refreshes it.
const asked = { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false, refetchOnReconnect: false } as const

const useRest = (id: string, from: string | null, since: number) => {
  const query = useInfiniteQuery({
    ...asked,
    queryKey: [...keyOf(opsListSpans, { params: { id } }), 'rest', from, since],
    enabled: from !== null,
    initialPageParam: from ?? '',
    queryFn: ({ pageParam: cursor, signal }) =>
      call(opsListSpans, { params: { id }, query: { limit: PAGE, cursor }, signal }),
    getNextPageParam: (page) => page.next_cursor,
  })
  const { hasNextPage, isFetching, error, fetchNextPage } = query
  useEffect(() => {
    if (hasNextPage && !isFetching && !error) void fetchNextPage()
  }, [hasNextPage, isFetching, error, fetchNextPage])
  return query
}

export type LoadedSpans = {
  spans: readonly SpanRow[]
  total: number
  isComplete: boolean
  error: unknown
  retry: () => void
}

// The first rows come with the page, the rest in large pages behind them.
export const useSpans = (id: string) => {
  const first = useQuery({ ...queryFor(opsListSpans, { params: { id }, query: FIRST_SPANS }), ...asked })
  const rest = useRest(id, first.data?.next_cursor ?? null, first.dataUpdatedAt)
  const loaded = useMemo((): LoadedSpans | undefined => {
    if (first.data === undefined) return undefined
    const pages = rest.data?.pages ?? []
    const spans = pages.length === 0 ? first.data.spans : [first.data, ...pages].flatMap((page) => page.spans)
    const end = pages.length === 0 ? first.data.next_cursor : pages.at(-1)?.next_cursor
    return {
      spans,
      total: Math.max(pages.at(-1)?.total ?? first.data.total, spans.length),
      isComplete: (end ?? null) === null,
      error: rest.error,
      retry: () => void (rest.data === undefined ? rest.refetch() : rest.fetchNextPage()),
    }
  }, [first.data, rest.data, rest.error, rest.refetch, rest.fetchNextPage])
  return { ...first, data: loaded }
}

// Each look at texts leaves an audit row, so a step is asked for once.
export const useSpan = (id: string, spanId: string) =>
  useQuery({ ...queryFor(opsGetSpan, { params: { id, span_id: spanId } }), ...asked })
