'use client'

import { useQuery } from '@tanstack/react-query'
import { queryFor } from '@/lib/shared/query'
import { opsIngestHealth } from '@/lib/tracing/contract'

const REFRESH_MS = 10_000

export const useIngest = () => useQuery({ ...queryFor(opsIngestHealth, {}), refetchInterval: REFRESH_MS })
