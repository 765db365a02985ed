'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import {
  opsAskBudget,
  opsDeleteBudget,
  opsExplainLedger,
  opsGetBudget,
  opsListBudgets,
  opsListLedger,
  opsListPrices,
  opsProveLedger,
  opsSetBudget,
} from '@/lib/governance/contract'
import { opsBurnDown } from '@/lib/insights/contract'
import { opsOverview } from '@/lib/jobs/contract'
import type { Wire } from '@/lib/shared/api-client'
import { mutationFor, queryFor } from '@/lib/shared/query'

// What is held moves with every call.
const LIVE_MS = 10_000

const CHANGED = { refreshes: [opsListBudgets, opsGetBudget, opsBurnDown, opsProveLedger, opsOverview] }

export const useBudgets = (wire: Wire) =>
  useQuery({ ...queryFor(opsListBudgets, { query: wire }), refetchInterval: LIVE_MS })

export const useSetBudget = () => useMutation(mutationFor(opsSetBudget, CHANGED))

export const useDeleteBudget = () => useMutation(mutationFor(opsDeleteBudget, CHANGED))

export const useAskBudget = () => useMutation(mutationFor(opsAskBudget))

export const useProof = () => useQuery({ ...queryFor(opsProveLedger, {}), staleTime: 30_000, retry: false })

export const useCharges = () =>
  useQuery({ ...queryFor(opsListLedger, { query: { limit: '20' } }), refetchInterval: LIVE_MS })

export const useWhy = (id: string) => useQuery(queryFor(opsExplainLedger, { params: { id } }))

export const usePrices = (wire: Wire) => useQuery(queryFor(opsListPrices, { query: wire }))
