'use client'

import { useQuery } from '@tanstack/react-query'
import { opsHealth } from '@/lib/jobs/contract/health'
import { queryFor } from '@/lib/shared/query'

const EVERY_MS = 15_000

export const useHealth = () => useQuery({ ...queryFor(opsHealth, {}), refetchInterval: EVERY_MS })

// The backend is asked when a person wants to know, never by the clock of an open page.
export const useDeepHealth = () =>
  useQuery({ ...queryFor(opsHealth, { query: { deep: 'true' } }), enabled: false, staleTime: Number.POSITIVE_INFINITY })
