'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Filters } from '@/components/table/use-filters'
import { callFull } from '@/lib/shared/api-client'
import { keyPrefixOf, mutationFor, queryFor } from '@/lib/shared/query'
import {
  type OpsTracePage,
  opsGetTrace,
  opsLabelTrace,
  opsListTraces,
  opsListViews,
  opsRemoveView,
  opsSaveView,
  opsTraceStats,
  type TraceDetail,
} from '@/lib/tracing/contract'

export const TAIL = 'tail'

// Each search leaves an audit row, so it is asked once and again only when the words change.
export const useTracePage = (filters: Filters) =>
  useQuery({
    ...queryFor(opsListTraces, { query: filters.wire }),
    refetchOnWindowFocus: false,
    ...(filters.wire['q'] === undefined ? {} : { staleTime: Number.POSITIVE_INFINITY, refetchOnReconnect: false }),
  })

// A summary holds no texts, so a look at it is no reveal. A single trace never shows under another's id.
export const useTraceSummary = (id: string, isNeeded: boolean) => {
  const { queryKey, queryFn } = queryFor(opsListTraces, { query: { trace_id: id } })
  return useQuery({ queryKey, queryFn, enabled: isNeeded })
}

export const useTraceChoices = () => useQuery({ ...queryFor(opsTraceStats, { query: {} }), staleTime: 60_000 })

type Labels = Record<string, string | null>
type Answered = Readonly<Record<string, string>>

const inPage = (id: string, labels: Answered) => (page: OpsTracePage | undefined) =>
  page && { ...page, traces: page.traces.map((trace) => (trace.id === id ? { ...trace, labels } : trace)) }

const inDetail = (id: string, labels: Answered) => (reply: { trace: TraceDetail } | undefined) =>
  reply?.trace.id === id ? { ...reply, trace: { ...reply.trace, labels } } : reply

// The answer holds all labels, so what is on screen takes them over and nothing is asked again.
export const useLabels = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, labels }: { id: string; labels: Labels }) =>
      callFull(opsLabelTrace, { params: { id }, body: { labels } }),
    onSuccess: ({ data }, { id }) => {
      client.setQueriesData({ queryKey: keyPrefixOf(opsListTraces) }, inPage(id, data.labels))
      client.setQueriesData({ queryKey: [TAIL] }, inPage(id, data.labels))
      client.setQueriesData({ queryKey: keyPrefixOf(opsGetTrace) }, inDetail(id, data.labels))
    },
  })
}

export const useViews = (page: string) => useQuery(queryFor(opsListViews, { query: { page } }))
export const useSaveView = () => useMutation(mutationFor(opsSaveView, { refreshes: [opsListViews] }))
export const useRemoveView = () => useMutation(mutationFor(opsRemoveView, { refreshes: [opsListViews] }))
