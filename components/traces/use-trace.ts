'use client'

import { useQuery } from '@tanstack/react-query'
import { queryFor } from '@/lib/shared/query'
import { opsGetTrace } from '@/lib/tracing/contract'

// Whoever may read texts leaves an audit row with each look, so the page looks once and again only when asked.
export const useTrace = (id: string) =>
  useQuery({
    ...queryFor(opsGetTrace, { params: { id } }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
