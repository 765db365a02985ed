'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { opsListAudit } from '@/lib/governance/contract'
import type { Wire } from '@/lib/shared/api-client'
import { mutationFor, queryFor } from '@/lib/shared/query'
import { opsListEnvironments } from '@/lib/workspace/contract/environments'
import { opsWorkspaceImpact } from '@/lib/workspace/contract/impact'
import { opsDiffVersions } from '@/lib/workspace/contract/version-diff'
import {
  opsGetVersion,
  opsGetVersionFile,
  opsListVersionFiles,
  opsListVersions,
  opsSaveVersion,
} from '@/lib/workspace/contract/versions'
import { opsListWorkspaces, opsRenderPrompt, opsSaveCurrent } from '@/lib/workspace/contract/workspaces'

const CHANGED = {
  refreshes: [
    ...[opsListWorkspaces, opsListVersions, opsGetVersion, opsListVersionFiles, opsGetVersionFile],
    ...[opsDiffVersions, opsListEnvironments, opsListAudit],
  ],
}

export const useWorkspaces = (wire: Wire = {}) => useQuery(queryFor(opsListWorkspaces, { query: wire }))

export const useVersions = (workspaceId: string, wire: Wire) =>
  useQuery({
    ...queryFor(opsListVersions, { params: { workspaceId }, query: wire }),
    placeholderData: (previous) => (previous?.workspace_id === workspaceId ? previous : undefined),
  })

export const useVersion = (workspaceId: string, hash: string) =>
  useQuery({ ...queryFor(opsGetVersion, { params: { workspaceId, hash }, query: {} }), retry: false })

export const useVersionFiles = (workspaceId: string, hash: string) =>
  useQuery(queryFor(opsListVersionFiles, { params: { workspaceId, hash }, query: {} }))

// What a version holds never changes.
export const useVersionFile = (workspaceId: string, hash: string, path: string | null) =>
  useQuery({
    ...queryFor(opsGetVersionFile, { params: { workspaceId, hash }, query: { path: path ?? '' } }),
    enabled: path !== null,
    staleTime: hash === 'latest' ? 0 : Number.POSITIVE_INFINITY,
    retry: false,
  })

export type Side = string

export const useVersionDiff = (workspaceId: string, from: Side, to: Side, enabled = true) =>
  useQuery({
    ...queryFor(opsDiffVersions, { params: { workspaceId }, query: { from, to } }),
    enabled,
    staleTime: from === 'current' || to === 'current' ? 0 : 60_000,
    retry: false,
  })

export const useImpact = (workspaceId: string, from: string, to: string | null, enabled = true) =>
  useQuery({
    ...queryFor(opsWorkspaceImpact, {
      body: { workspace_id: workspaceId, old_version_hash: from, ...(to === null ? {} : { new_version_hash: to }) },
    }),
    enabled,
    staleTime: to === null ? 0 : 60_000,
    retry: false,
  })

export type Changes = { changed: Record<string, string>; deleted: string[] }

export const useRenderedPrompt = (workspaceId: string, hash: string, role: string, changes: Changes) =>
  useQuery({
    ...queryFor(opsRenderPrompt, { params: { workspaceId, hash }, body: { role, ...changes } }),
    placeholderData: (previous) => previous,
    staleTime: 5_000,
    retry: false,
  })

export const useSaveVersion = () => useMutation(mutationFor(opsSaveVersion, CHANGED))

export const useSaveCurrent = () => useMutation(mutationFor(opsSaveCurrent, CHANGED))
