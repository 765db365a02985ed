'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import {
  type AgentView as AgentSchema,
  opsDisableAdapter,
  opsEnableAdapter,
  opsExecutionEvidence,
  opsListAdapters,
  opsListAgents,
  opsListExecutions,
  opsListToolAuthorizations,
  opsProbeToken,
  opsPutTelemetryKey,
  opsRevokeTelemetryKey,
} from '@/lib/adapters/contract'
import { opsListAudit } from '@/lib/governance/contract'
import { callFull, type Wire } from '@/lib/shared/api-client'
import { mutationFor, queryFor } from '@/lib/shared/query'

export type AgentView = z.output<typeof AgentSchema>

const LIVE_MS = 15_000
const CHANGED = { refreshes: [opsListAgents, opsListAdapters, opsListAudit] }

export const useAgents = (wire: Wire) =>
  useQuery({ ...queryFor(opsListAgents, { query: wire }), refetchInterval: LIVE_MS })

// Keys stand with the registry, and a tenant has few agents.
export const useKeysOf = (id: string) => {
  const query = useQuery(queryFor(opsListAdapters, { query: { limit: '500' } }))
  return { ...query, data: query.data?.adapters.find((adapter) => adapter.adapter_id === id)?.telemetry_keys }
}

export const useExecutions = (id: string) =>
  useQuery({ ...queryFor(opsListExecutions, { query: { adapter_id: id, limit: '10' } }), refetchInterval: LIVE_MS })

export const useAuthorizations = (id: string) =>
  useQuery({
    ...queryFor(opsListToolAuthorizations, { query: { adapter_id: id, limit: '10' } }),
    refetchInterval: LIVE_MS,
  })

export const useEvidence = (executionId: string) =>
  useQuery(queryFor(opsExecutionEvidence, { query: { execution_id: executionId } }))

export const useDisable = () => useMutation(mutationFor(opsDisableAdapter, CHANGED))
export const useEnable = () => useMutation(mutationFor(opsEnableAdapter, CHANGED))
export const usePutKey = () => useMutation(mutationFor(opsPutTelemetryKey, CHANGED))
export const useRevokeKey = () => useMutation(mutationFor(opsRevokeTelemetryKey, CHANGED))

// Each token is an act that the audit log keeps, so it is asked for by hand.
export const useProbe = () =>
  useMutation({
    mutationFn: (query: { adapter_id: string; capabilities?: string }) => callFull(opsProbeToken, { query }),
  })
