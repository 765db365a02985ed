'use client'

import { useQuery } from '@tanstack/react-query'
import type { Wire } from '@/lib/shared/api-client'
import { queryFor } from '@/lib/shared/query'
import { opsTraceStats } from '@/lib/tracing/contract'

const REFRESH_MS = 60_000

export const useStats = (wire: Wire) =>
  useQuery({ ...queryFor(opsTraceStats, { query: wire }), refetchInterval: REFRESH_MS })
