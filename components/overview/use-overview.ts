'use client'

import { useQuery } from '@tanstack/react-query'
import { opsOverview } from '@/lib/jobs/contract'
import type { Wire } from '@/lib/shared/api-client'
import { queryFor } from '@/lib/shared/query'

const REFRESH_MS = 60_000

export const useOverview = (wire: Wire) =>
  useQuery({ ...queryFor(opsOverview, { query: wire }), refetchInterval: REFRESH_MS })
