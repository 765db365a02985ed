'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { opsListAudit } from '@/lib/governance/contract'
import {
  opsEnforceRetention,
  opsEraseUser,
  opsPreviewRetention,
  opsSetRetentionPolicy,
  opsShowRetention,
  type RetentionView,
} from '@/lib/retention/contract'
import { mutationFor, queryFor } from '@/lib/shared/query'

// Every finished pass and erasure ends in a row under this name.
export const CERTIFICATES = { event_type: 'retention_enforced', entity_id: 'retention', limit: '10' } as const

const CHANGED = { refreshes: [opsShowRetention, opsPreviewRetention, opsListAudit] }

export const useRetention = () => useQuery(queryFor(opsShowRetention, {}))

type Tried = Pick<RetentionView['rules'], 'retention_days' | 'sampling_strategy' | 'storage_mode'>

export const usePreview = (tried: Tried, enabled: boolean) =>
  useQuery({ ...queryFor(opsPreviewRetention, { query: tried }), enabled, staleTime: 10_000 })

export const useCertificates = () => useQuery(queryFor(opsListAudit, { query: CERTIFICATES }))

export const useSetPolicy = () => useMutation(mutationFor(opsSetRetentionPolicy, CHANGED))

export const useEnforce = () => useMutation(mutationFor(opsEnforceRetention, CHANGED))

export const useEraseUser = () => useMutation(mutationFor(opsEraseUser, CHANGED))
