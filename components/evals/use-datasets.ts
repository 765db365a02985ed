'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import {
  opsAddTraces,
  opsArchiveDataset,
  opsChangeItem,
  opsDiffDataset,
  opsGetDataset,
  opsItemToCase,
  opsListDatasets,
  opsListQueue,
  opsQueueTraces,
  opsSaveDataset,
} from '@/lib/evals/contract'
import { opsListAudit } from '@/lib/governance/contract'
import type { Wire } from '@/lib/shared/api-client'
import { mutationFor, queryFor } from '@/lib/shared/query'

const SETS = [opsListDatasets, opsGetDataset, opsListAudit]

export const useDatasets = (wire: Wire, enabled = true) =>
  useQuery({ ...queryFor(opsListDatasets, { query: wire }), enabled })

export const useDataset = (name: string, wire: Wire) =>
  useQuery({
    ...queryFor(opsGetDataset, { params: { name }, query: wire }),
    placeholderData: (previous) => (previous?.dataset.name === name ? previous : undefined),
    retry: false,
  })

export const useDatasetDiff = (name: string, from: number, to: number, enabled: boolean) =>
  useQuery({
    ...queryFor(opsDiffDataset, { params: { name }, query: { from: String(from), to: String(to) } }),
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
  })

export const useSaveDataset = () => useMutation(mutationFor(opsSaveDataset, { refreshes: SETS }))
export const useAddTraces = () => useMutation(mutationFor(opsAddTraces, { refreshes: SETS }))
export const useArchive = () => useMutation(mutationFor(opsArchiveDataset, { refreshes: SETS }))

const QUEUE = [opsListQueue, opsListAudit]
const QUEUE_MS = 30_000

export const useQueue = (wire: Wire) =>
  useQuery({ ...queryFor(opsListQueue, { query: wire }), refetchInterval: QUEUE_MS })

export const useQueueTraces = () => useMutation(mutationFor(opsQueueTraces, { refreshes: QUEUE }))
export const useChangeItem = () => useMutation(mutationFor(opsChangeItem, { refreshes: QUEUE }))
export const useItemToCase = () => useMutation(mutationFor(opsItemToCase, { refreshes: [...QUEUE, ...SETS] }))
