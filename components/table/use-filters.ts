'use client'

import { useSearchParams } from 'next/navigation'
import { parseAsString, useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import type { Contract } from '@/lib/shared/contract'
import { queryFromUrl, type UrlQuery } from '@/lib/shared/query'

type Patch = Record<string, string | null>
export type Filters = UrlQuery & { change: (patch: Patch) => void; clear: () => void }

const PAGE_FIELDS = ['cursor', 'offset']

const rawOf = (search: URLSearchParams): Record<string, string | string[]> =>
  Object.fromEntries(
    [...new Set(search.keys())].map((name) => {
      const all = search.getAll(name)
      return [name, all.length > 1 ? all : (all[0] ?? '')]
    }),
  )

export const useFilters = (contract: Pick<Contract, 'query'>): Filters => {
  const search = useSearchParams()
  const names = Object.keys(contract.query?.shape ?? {})
  const [, write] = useQueryStates(Object.fromEntries([...names, 'peek'].map((name) => [name, parseAsString])), {
    history: 'push',
  })
  const seen = useMemo(() => queryFromUrl(contract, rawOf(search)), [contract, search])
  const firstPage = Object.fromEntries(PAGE_FIELDS.filter((name) => names.includes(name)).map((name) => [name, null]))
  return {
    ...seen,
    change: (patch) => void write({ ...firstPage, peek: null, ...patch }),
    clear: () => void write(null),
  }
}
