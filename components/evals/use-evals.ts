'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import {
  opsCancelEval,
  opsCompareEvals,
  opsGetEval,
  opsJudgeAgreement,
  opsLabelResult,
  opsListEvals,
  opsListLabels,
  opsRunEval,
} from '@/lib/evals/contract'
import { opsListAudit } from '@/lib/governance/contract'
import { opsPlayground } from '@/lib/runtime/contract'
import type { Wire } from '@/lib/shared/api-client'
import { mutationFor, queryFor } from '@/lib/shared/query'
import { isOpenState } from './eval-words'

const LIVE_MS = 1_000
const LIST_LIVE_MS = 3_000

const RUNS = [opsListEvals, opsGetEval, opsListAudit]
// Whoever may read what runs said leaves an audit row with each look: it is asked for once.
const readOnce = {
  staleTime: Number.POSITIVE_INFINITY,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
} as const

export const useEvals = (wire: Wire, enabled = true) =>
  useQuery({
    ...queryFor(opsListEvals, { query: wire }),
    enabled,
    refetchInterval: ({ state }) => (state.data?.results.some((one) => isOpenState(one.state)) ? LIST_LIVE_MS : false),
  })

/** A run as it fills in, without the texts of its answers. */
export const useEval = (id: string, wire: Wire) =>
  useQuery({
    ...queryFor(opsGetEval, { params: { id }, query: { ...wire, texts: 'false' } }),
    placeholderData: (previous) => (previous?.id === id ? previous : undefined),
    refetchInterval: ({ state }) => (state.data && isOpenState(state.data.state) ? LIVE_MS : false),
    retry: false,
  })

/** One case with what was answered, for those who may see it. */
export const useCase = (id: string, caseId: string, status: string) => {
  const { queryKey, queryFn } = queryFor(opsGetEval, { params: { id }, query: { case_id: caseId } })
  return useQuery({ queryKey: [...queryKey, status], queryFn, ...readOnce })
}

export const useLabels = (id: string) => useQuery(queryFor(opsListLabels, { params: { id }, query: {} }))

export const useComparison = (id: string, query: Wire & { baseline_id: string }) =>
  useQuery({
    ...queryFor(opsCompareEvals, { params: { id }, query }),
    ...readOnce,
    placeholderData: (previous) =>
      previous?.comparison.current_id === id && previous.comparison.baseline_id === query.baseline_id
        ? previous
        : undefined,
    retry: false,
  })

export const useJudges = (evalId: string | null) =>
  useQuery(queryFor(opsJudgeAgreement, { query: evalId === null ? {} : { eval_id: evalId } }))

/** What can be chosen for a run; only whoever may try agents is told. */
export const useOffer = (workspace: string, enabled: boolean) =>
  useQuery({
    ...queryFor(opsPlayground, { query: workspace === '' ? {} : { workspace_id: workspace } }),
    enabled,
    staleTime: 60_000,
    retry: false,
  })

export const useRunEval = () => useMutation(mutationFor(opsRunEval, { refreshes: RUNS }))
export const useCancelEval = () => useMutation(mutationFor(opsCancelEval, { refreshes: RUNS }))
export const useLabel = () =>
  useMutation(mutationFor(opsLabelResult, { refreshes: [opsListLabels, opsJudgeAgreement, opsListAudit] }))
