'use client'

import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'

export const TABS = ['files', 'prompt', 'versions', 'diff'] as const

const FIELDS = {
  tab: parseAsStringLiteral(TABS).withDefault('files'),
  version: parseAsString,
  file: parseAsString,
  role: parseAsString.withDefault('agent'),
  from: parseAsString,
  to: parseAsString,
}

/** Where in a workspace one is: all of it stands in the address. */
export const usePlace = () => {
  const [place, write] = useQueryStates(FIELDS, { history: 'push' })
  return { ...place, go: (patch: Parameters<typeof write>[0]) => void write(patch) }
}

export type PlaceOf = ReturnType<typeof usePlace>
