'use client'

import { useQuery } from '@tanstack/react-query'
import { opsBurnDown, opsCostDashboard, opsRiskDashboard } from '@/lib/insights/contract'
import type { Wire } from '@/lib/shared/api-client'
import { queryFor } from '@/lib/shared/query'

const REFRESH_MS = 60_000

export const useCost = (wire: Wire) =>
  useQuery({ ...queryFor(opsCostDashboard, { query: wire }), refetchInterval: REFRESH_MS })

export const useRisk = (wire: Wire) =>
  useQuery({ ...queryFor(opsRiskDashboard, { query: wire }), refetchInterval: REFRESH_MS })

// Another budget is another thing: its figures never show under this one's name.
export const useBurnDown = (scope: string, enabled = true) => {
  const { queryKey, queryFn } = queryFor(opsBurnDown, { query: { scope } })
  return useQuery({ queryKey, queryFn, enabled, refetchInterval: REFRESH_MS })
}
