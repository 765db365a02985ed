'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import type { Filters } from '@/components/table/use-filters'
import { mutationFor, queryFor } from '@/lib/shared/query'
import { opsGetWebhook, opsListWebhooks, opsRetryWebhook } from '@/lib/webhooks/contract'

const REFRESH_MS = 10_000

export const useWebhooks = (filters: Filters) =>
  useQuery({ ...queryFor(opsListWebhooks, { query: filters.wire }), refetchInterval: REFRESH_MS })

export const useWebhook = (id: string) =>
  useQuery({ ...queryFor(opsGetWebhook, { params: { id } }), refetchInterval: REFRESH_MS })

export const useRetryWebhook = () =>
  useMutation(mutationFor(opsRetryWebhook, { refreshes: [opsListWebhooks, opsGetWebhook] }))
