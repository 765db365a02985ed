'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import type { Filters } from '@/components/table/use-filters'
import { opsDiscardJob, opsListJobs, opsOverview, opsRetryJob, opsSystem } from '@/lib/jobs/contract'
import { mutationFor, queryFor } from '@/lib/shared/query'

export const useSystem = () => useQuery({ ...queryFor(opsSystem, {}), refetchInterval: 15_000 })
export const useJobs = (filters: Filters) => useQuery(queryFor(opsListJobs, { query: filters.wire }))
export const useRetryJob = () => useMutation(mutationFor(opsRetryJob, { refreshes: [opsListJobs, opsOverview] }))
export const useDiscardJob = () => useMutation(mutationFor(opsDiscardJob, { refreshes: [opsListJobs, opsOverview] }))
