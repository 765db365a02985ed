'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { opsGovernanceDashboard } from '@/lib/adapters/contract'
import {
  opsCreatePolicy,
  opsDryRunPolicy,
  opsGetPolicy,
  opsListAudit,
  opsListPolicies,
  opsRemovePolicy,
  opsSimulatePolicies,
  opsUpdatePolicy,
  type PolicyDocument,
} from '@/lib/governance/contract'
import type { Wire } from '@/lib/shared/api-client'
import { mutationFor, queryFor } from '@/lib/shared/query'

const CHANGED = { refreshes: [opsListPolicies, opsGetPolicy, opsListAudit] }

export const usePolicies = (wire: Wire) => useQuery(queryFor(opsListPolicies, { query: wire }))

export const useCreatePolicy = () => useMutation(mutationFor(opsCreatePolicy, CHANGED))
export const useUpdatePolicy = () => useMutation(mutationFor(opsUpdatePolicy, CHANGED))
export const useRemovePolicy = () => useMutation(mutationFor(opsRemovePolicy, CHANGED))

/** How often each policy spoke in the last days, as far as that is counted. */
export const useHits = (): ReadonlyMap<string, number> | null => {
  const { data } = useQuery({ ...queryFor(opsGovernanceDashboard, { query: {} }), staleTime: 60_000 })
  return data ? new Map(data.dashboard.top_policies.map((one) => [one.policy_id, one.count])) : null
}

export type Question = Omit<Parameters<typeof askOf>[0], 'drafts'>
type Ask = Parameters<typeof queryFor<typeof opsDryRunPolicy>>[1]
const askOf = (body: Ask['body']) => queryFor(opsDryRunPolicy, { body })

/** What the policies would say to one question, with a policy that is not saved yet. */
export const useDryRun = (question: Question, draft: PolicyDocument | null) =>
  useQuery({ ...askOf({ ...question, ...(draft ? { drafts: [draft] } : {}) }), staleTime: 5_000, retry: false })

export type Change = { rules?: PolicyDocument[]; without?: string[] }

/** What would have become of stored decisions. */
export const useSimulation = (change: Change | null) =>
  useQuery({
    ...queryFor(opsSimulatePolicies, { body: { ...change, limit: 200 } }),
    enabled: change !== null,
    staleTime: 30_000,
    retry: false,
  })
