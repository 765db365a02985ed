'use client'

import { useQuery } from '@tanstack/react-query'
import type { Filters } from '@/components/table/use-filters'
import { opsPlayground } from '@/lib/runtime/contract'
import type { ReplySent } from '@/lib/shared/contract'
import { queryFor } from '@/lib/shared/query'

export type Offer = ReplySent<typeof opsPlayground>

export const usePlayground = (filters: Filters) => useQuery(queryFor(opsPlayground, { query: filters.wire }))
