'use client'

import { useQuery } from '@tanstack/react-query'
import { parseAsString, useQueryStates } from 'nuqs'
import { call } from '@/lib/shared/api-client'
import { queryFor } from '@/lib/shared/query'
import { opsDiffTraces, opsListTraces, type TraceSummary } from '@/lib/tracing/contract'

export const usePair = () => {
  const [pair, write] = useQueryStates({ base: parseAsString, compare: parseAsString }, { history: 'push' })
  return { ...pair, choose: (next: Partial<typeof pair>) => void write(next) }
}

// Looking at texts leaves audit rows, so two traces are compared once; and never does one pair show under another.
export const useDiff = (base: string, compare: string) => {
  const { queryKey, queryFn } = queryFor(opsDiffTraces, { body: { base_trace_id: base, compare_trace_id: compare } })
  return useQuery({
    queryKey,
    queryFn,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
}

export const useSummary = (id: string) => {
  const { queryKey, queryFn } = queryFor(opsListTraces, { query: { trace_id: id } })
  return useQuery({ queryKey, queryFn, select: ({ traces }) => traces[0] ?? null })
}

export type Kin = 'session' | 'role'
export type Neighbour = { kin: Kin; isBefore: boolean; trace: TraceSummary }

const ENOUGH = '2'

const before = async (trace: TraceSummary, kin: Record<string, string>, signal: AbortSignal) => {
  const query = { ...kin, end_date: trace.started_at, limit: ENOUGH }
  const { traces } = await call(opsListTraces, { query, signal })
  return traces.find(({ id }) => id !== trace.id) ?? null
}

// Lists begin with the newest, so the next run is the last but one of all that began since.
const after = async (trace: TraceSummary, kin: Record<string, string>, signal: AbortSignal) => {
  const query = { ...kin, start_date: trace.started_at }
  const { total } = await call(opsListTraces, { query: { ...query, limit: '1' }, signal })
  const offset = String(Math.max(0, total - 2))
  const { traces } = await call(opsListTraces, { query: { ...query, offset, limit: ENOUGH }, signal })
  return traces.findLast(({ id }) => id !== trace.id) ?? null
}

const kinOf = ({ session_key: session, agent_role: role }: TraceSummary): [Kin, Record<string, string>][] => [
  ...(session === null ? [] : [['session', { session_key: session }] as [Kin, Record<string, string>]]),
  ...(role === null ? [] : [['role', { agent_role: role }] as [Kin, Record<string, string>]]),
]

const neighboursOf = async (trace: TraceSummary, signal: AbortSignal): Promise<Neighbour[]> => {
  const found = await Promise.all(
    kinOf(trace).flatMap(([kin, query]) => [
      before(trace, query, signal).then((one) => ({ kin, isBefore: true, trace: one })),
      after(trace, query, signal).then((one) => ({ kin, isBefore: false, trace: one })),
    ]),
  )
  return found.flatMap(({ trace: one, ...rest }) => (one === null ? [] : [{ ...rest, trace: one }]))
}

// What one would compare a run with: the runs beside it in its session, or of its role.
export const useNeighbours = (trace: TraceSummary | null | undefined) =>
  useQuery({
    queryKey: ['neighbours', trace?.id ?? null],
    enabled: Boolean(trace),
    queryFn: ({ signal }) => (trace ? neighboursOf(trace, signal) : []),
  })
