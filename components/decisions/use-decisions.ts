'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import {
  opsDraftPolicy,
  opsGetDecision,
  opsListAudit,
  opsListDecisions,
  opsListPolicies,
  opsListReceipts,
  opsResolveDecision,
  opsRevealDecision,
} from '@/lib/governance/contract'
import { opsOverview } from '@/lib/jobs/contract'
import type { Wire } from '@/lib/shared/api-client'
import { mutationFor, queryFor } from '@/lib/shared/query'
import { opsListTraces } from '@/lib/tracing/contract'

const REFRESH_MS = 15_000
const CHANGED = { refreshes: [opsListDecisions, opsGetDecision, opsOverview, opsListReceipts, opsListAudit] }

export const useDecisions = (wire: Wire) =>
  useQuery({ ...queryFor(opsListDecisions, { query: wire }), refetchInterval: REFRESH_MS })

export const useDecision = (id: string) =>
  useQuery({ ...queryFor(opsGetDecision, { params: { id } }), refetchInterval: REFRESH_MS })

/** The one beside the list. It stays there once it has left the list. */
export const usePeeked = (id: string | null) =>
  useQuery({ ...queryFor(opsGetDecision, { params: { id: id ?? '' } }), enabled: id !== null }).data?.decision

export const useResolve = () => useMutation(mutationFor(opsResolveDecision, CHANGED))

export const useRevealArguments = () => useMutation(mutationFor(opsRevealDecision, { refreshes: [opsListReceipts] }))

export const useDraftPolicy = () => useMutation(mutationFor(opsDraftPolicy, { refreshes: [opsListPolicies] }))

/** What waits in one run. */
export const useWaiting = (traceId: string) => useDecisions({ trace_id: traceId, status: 'pending' })

// The line of the list, not the page of the trace: to read that one leaves an audit row.
export const useRunOf = (traceId: string | null) =>
  useQuery({
    ...queryFor(opsListTraces, { query: { trace_id: traceId ?? '', limit: '1' } }),
    enabled: traceId !== null,
  })
