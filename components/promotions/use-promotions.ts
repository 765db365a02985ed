'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNews } from '@/components/shell/live-news'
import { opsListAudit, opsListReceipts } from '@/lib/governance/contract'
import {
  opsApprovePromotion,
  opsCancelPromotion,
  opsCheckPromotion,
  opsCreatePromotion,
  opsExecutePromotion,
  opsGetPromotion,
  opsListPromotions,
  opsRecheckPromotion,
  opsRollbackPromotion,
  type Promotion,
} from '@/lib/promotion/contract'
import type { Wire } from '@/lib/shared/api-client'
import { keyPrefixOf, mutationFor, queryFor } from '@/lib/shared/query'
import { opsListEnvironments, opsPinHistory } from '@/lib/workspace/contract/environments'
import { opsListVersions } from '@/lib/workspace/contract/versions'
import { opsListWorkspaces } from '@/lib/workspace/contract/workspaces'

const CHANGED = {
  refreshes: [
    ...[opsListPromotions, opsGetPromotion, opsListEnvironments, opsPinHistory, opsListVersions],
    ...[opsListWorkspaces, opsListAudit, opsListReceipts],
  ],
}

const CHECKING_MS = 1_000
const OPEN_MS = 5_000
const LIST_MS = 15_000

export const isOpen = ({ status }: Pick<Promotion, 'status'>): boolean =>
  status === 'checking' || status === 'waiting' || status === 'blocked'

// What is told live is asked for at once; what nobody tells is asked for now and then.
const useToldOf = (): void => {
  const client = useQueryClient()
  useNews(({ topic }) => {
    if (!topic.startsWith('promotion.')) return
    for (const contract of [opsGetPromotion, opsListPromotions, opsListEnvironments])
      void client.invalidateQueries({ queryKey: keyPrefixOf(contract) })
  })
}

export const usePromotions = (workspaceId: string, wire: Wire) => {
  useToldOf()
  return useQuery({
    ...queryFor(opsListPromotions, { params: { workspaceId }, query: wire }),
    refetchInterval: LIST_MS,
  })
}

export const usePromotion = (workspaceId: string, id: string) => {
  useToldOf()
  return useQuery({
    ...queryFor(opsGetPromotion, { params: { workspaceId, id }, query: {} }),
    refetchInterval: ({ state }) => {
      const promotion = state.data?.promotion
      if (!promotion || !isOpen(promotion)) return false
      return promotion.status === 'checking' ? CHECKING_MS : OPEN_MS
    },
  })
}

/** What a promotion would have to show. Nothing is run and nothing changes by asking. */
export const useDryChecks = (workspaceId: string, source: string, target: string | null) =>
  useQuery({
    ...queryFor(opsCheckPromotion, {
      params: { workspaceId },
      body: { source_env: source, target_env: target ?? source },
    }),
    enabled: target !== null && target !== source,
    staleTime: 0,
    retry: false,
  })

export const useCreatePromotion = () => useMutation(mutationFor(opsCreatePromotion, CHANGED))
export const useApprove = () => useMutation(mutationFor(opsApprovePromotion, CHANGED))
export const useExecute = () => useMutation(mutationFor(opsExecutePromotion, CHANGED))
export const useCancel = () => useMutation(mutationFor(opsCancelPromotion, CHANGED))
export const useRecheck = () => useMutation(mutationFor(opsRecheckPromotion, CHANGED))
export const useTakeBack = () => useMutation(mutationFor(opsRollbackPromotion, CHANGED))
