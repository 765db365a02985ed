'use client'

import { parseAsInteger, parseAsString, useQueryStates } from 'nuqs'
import type { opsGetDataset } from '@/lib/evals/contract'
import type { ReplySent } from '@/lib/shared/contract'

export const CASES_PAGE = 100

const FIELDS = { version: parseAsInteger, offset: parseAsInteger.withDefault(0), peek: parseAsString }

export const useDatasetPlace = () => {
  const [place, write] = useQueryStates(FIELDS, { history: 'push' })
  const wire = {
    limit: String(CASES_PAGE),
    ...(place.version === null ? {} : { version: String(place.version) }),
    ...(place.offset > 0 ? { offset: String(place.offset) } : {}),
  }
  return { ...place, wire, go: (patch: Parameters<typeof write>[0]) => void write(patch) }
}

export type DatasetReply = ReplySent<typeof opsGetDataset>
export type DatasetPlace = ReturnType<typeof useDatasetPlace>
export type StoredCase = DatasetReply['cases'][number]
