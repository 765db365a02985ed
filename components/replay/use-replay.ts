'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { opsPlayground, opsReplayContext, opsReplayTrace } from '@/lib/runtime/contract'
import { mutationFor, queryFor } from '@/lib/shared/query'
import { opsListTraces } from '@/lib/tracing/contract'

export const useReplayContext = (id: string) =>
  useQuery({ ...queryFor(opsReplayContext, { params: { id } }), staleTime: Number.POSITIVE_INFINITY })

export const useModels = () => useQuery({ ...queryFor(opsPlayground, { query: {} }), staleTime: 60_000 })

export const useReplay = () => useMutation(mutationFor(opsReplayTrace, { refreshes: [opsListTraces] }))
