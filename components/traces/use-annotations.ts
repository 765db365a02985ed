'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { mutationFor, queryFor } from '@/lib/shared/query'
import { opsAnnotateTrace, opsListAnnotations, opsListTraces } from '@/lib/tracing/contract'

export const useAnnotations = (id: string) => useQuery(queryFor(opsListAnnotations, { params: { id } }))

// The trace itself is not asked for again: that would be another look at its texts.
export const useAnnotate = () =>
  useMutation(mutationFor(opsAnnotateTrace, { refreshes: [opsListAnnotations, opsListTraces] }))
