'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import type { Filters } from '@/components/table/use-filters'
import { opsMe } from '@/lib/auth/contract'
import {
  opsAcknowledgeReceipt,
  opsBreakGlass,
  opsCloseBreakGlass,
  opsGetReceipt,
  opsListAudit,
  opsListReceipts,
  opsOpenBreakGlass,
} from '@/lib/governance/contract'
import { opsOverview } from '@/lib/jobs/contract'
import { mutationFor, queryFor } from '@/lib/shared/query'

const REFRESH_MS = 15_000
const CHANGED = { refreshes: [opsListReceipts, opsGetReceipt, opsBreakGlass, opsOverview, opsListAudit] }
const RIGHTS_CHANGED = { refreshes: [...CHANGED.refreshes, opsMe] }

export const useReceipts = (filters: Filters) =>
  useQuery({ ...queryFor(opsListReceipts, { query: filters.wire }), refetchInterval: REFRESH_MS })

export const useReceipt = (id: string) => useQuery(queryFor(opsGetReceipt, { params: { id } }))

export const useBreakGlass = () => useQuery({ ...queryFor(opsBreakGlass, {}), refetchInterval: REFRESH_MS })

export const useAcknowledge = () => useMutation(mutationFor(opsAcknowledgeReceipt, CHANGED))

export const useOpenWindow = () => useMutation(mutationFor(opsOpenBreakGlass, RIGHTS_CHANGED))

export const useCloseWindow = () => useMutation(mutationFor(opsCloseBreakGlass, RIGHTS_CHANGED))
