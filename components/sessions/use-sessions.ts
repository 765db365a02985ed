'use client'

import { useQueries, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Filters } from '@/components/table/use-filters'
import { queryFor } from '@/lib/shared/query'
import { opsListSessions, opsListTraces, type TraceSession, type TraceSummary } from '@/lib/tracing/contract'
import { SESSION_PAGE } from './session-query'

export const useSessions = (filters: Filters) =>
  useQuery({ ...queryFor(opsListSessions, { query: filters.wire }), refetchOnWindowFocus: false })

export const useSession = (key: string) => useQuery(queryFor(opsListSessions, { query: { session_key: key } }))

const pageOf = (key: string, cursor: string | null) =>
  queryFor(opsListTraces, { query: { session_key: key, limit: SESSION_PAGE, ...(cursor ? { cursor } : {}) } })

// Newest first, page after page, all of them kept: the running cost needs every newer run.
export const useSessionRuns = (key: string) => {
  const [cursors, setCursors] = useState<readonly string[]>([])
  const first = useQuery(pageOf(key, null))
  const older = useQueries({ queries: cursors.map((cursor) => pageOf(key, cursor)) })
  const pages = [first.data, ...older.map((query) => query.data)].flatMap((page) => page ?? [])
  const next = pages.at(-1)?.next_cursor ?? null
  return {
    first,
    runs: pages.flatMap((page) => page.traces),
    next,
    isLoading: older.some((query) => query.isLoading),
    error: older.find((query) => query.error)?.error ?? null,
    loadOlder: () => next && setCursors([...cursors, next]),
  }
}

export type SessionRun = { trace: TraceSummary; costSoFar: number; number: number }

// What the session had cost once each run had ended. The sum over all runs comes from the server, so the newest run
// carries it also where older runs are not loaded.
export const withRunningCost = (
  runs: readonly TraceSummary[],
  session: Pick<TraceSession, 'runs' | 'total_cost_micro_usd'>,
): SessionRun[] => {
  let costSoFar = session.total_cost_micro_usd
  return runs.map((trace, at) => {
    const run = { trace, costSoFar, number: Math.max(1, session.runs - at) }
    costSoFar -= trace.total_cost_micro_usd
    return run
  })
}
