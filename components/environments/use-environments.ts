'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { opsListAudit } from '@/lib/governance/contract'
import { opsListPromotions, opsRollbackWorkspace } from '@/lib/promotion/contract'
import { keyPrefixOf, mutationFor, queryFor } from '@/lib/shared/query'
import { opsCompareArms, opsEndCanary, opsPromoteCanary, opsSetCanary } from '@/lib/workspace/contract/canary'
import {
  opsInitEnvironments,
  opsListEnvironments,
  opsPinHistory,
  opsRemovePin,
  opsSaveEnvironment,
  opsSetPin,
} from '@/lib/workspace/contract/environments'
import { opsGetVersion, opsListVersions } from '@/lib/workspace/contract/versions'
import { opsListWorkspaces } from '@/lib/workspace/contract/workspaces'

const REFRESH_MS = 15_000
const CHANGED = {
  refreshes: [
    ...[opsListEnvironments, opsPinHistory, opsListWorkspaces, opsListVersions, opsGetVersion],
    ...[opsListPromotions, opsListAudit],
  ],
}

// Only where a canary goes on: one that has ended has no arms to be asked for.
const ARMS_CHANGED = { refreshes: [...CHANGED.refreshes, opsCompareArms] }

export const useEnvironments = (workspaceId: string) =>
  useQuery({
    ...queryFor(opsListEnvironments, { query: { workspace_id: workspaceId } }),
    placeholderData: (previous) => (previous?.workspace_id === workspaceId ? previous : undefined),
    refetchInterval: REFRESH_MS,
  })

export const usePinHistory = (workspaceId: string, query: { environment?: string; cursor?: string; limit?: string }) =>
  useQuery({
    ...queryFor(opsPinHistory, { params: { workspaceId }, query }),
    placeholderData: (previous) => (previous?.workspace_id === workspaceId ? previous : undefined),
  })

export const useArms = (workspaceId: string, environment: string, enabled: boolean) =>
  useQuery({
    ...queryFor(opsCompareArms, { params: { workspaceId }, query: { environment } }),
    enabled,
    refetchInterval: REFRESH_MS,
    retry: false,
  })

export const useInit = () => useMutation(mutationFor(opsInitEnvironments, CHANGED))
export const useSaveEnvironment = () => useMutation(mutationFor(opsSaveEnvironment, CHANGED))
export const useSetPin = () => {
  const client = useQueryClient()
  return useMutation({
    ...mutationFor(opsSetPin, CHANGED),
    // Who was faster, and with what, is on the screen as soon as one is told of it.
    onError: () => client.invalidateQueries({ queryKey: keyPrefixOf(opsListEnvironments) }),
  })
}
export const useRemovePin = () => useMutation(mutationFor(opsRemovePin, CHANGED))
export const useSetCanary = () => useMutation(mutationFor(opsSetCanary, ARMS_CHANGED))
export const useEndCanary = () => useMutation(mutationFor(opsEndCanary, CHANGED))
export const usePromoteCanary = () => useMutation(mutationFor(opsPromoteCanary, CHANGED))
export const useRollback = () => useMutation(mutationFor(opsRollbackWorkspace, CHANGED))
