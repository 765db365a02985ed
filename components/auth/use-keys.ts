'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { opsCreateKey, opsListKeys, opsRevokeKey, opsRotateKey } from '@/lib/auth/contract'
import { opsOverview } from '@/lib/jobs/contract'
import { mutationFor, queryFor } from '@/lib/shared/query'

const refreshes = [opsListKeys, opsOverview]

export const useKeys = () => useQuery(queryFor(opsListKeys, {}))
export const useCreateKey = () => useMutation(mutationFor(opsCreateKey, { refreshes }))
export const useRotateKey = () => useMutation(mutationFor(opsRotateKey, { refreshes }))
export const useRevokeKey = () => useMutation(mutationFor(opsRevokeKey, { refreshes }))
