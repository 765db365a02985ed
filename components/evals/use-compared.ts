'use client'

import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'

export const COMPARE_PAGE = 100

export const CHANGE_NAMES = ['regressed', 'improved', 'unchanged', 'new', 'removed'] as const
const FIELDS = {
  baseline_id: parseAsString,
  id: parseAsString,
  change: parseAsStringLiteral(CHANGE_NAMES),
  offset: parseAsInteger.withDefault(0),
}

export const useCompared = () => {
  const [place, write] = useQueryStates(FIELDS, { history: 'push' })
  return { ...place, go: (patch: Parameters<typeof write>[0]) => void write({ offset: null, ...patch }) }
}

export type Compared = ReturnType<typeof useCompared>
