'use client'

import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { CASE_STATUSES, type CaseStatus } from './eval-words'

const STATUS_NAMES = Object.keys(CASE_STATUSES) as CaseStatus[]
const FIELDS = {
  status: parseAsStringLiteral(STATUS_NAMES),
  offset: parseAsInteger.withDefault(0),
  peek: parseAsString,
}
export const PAGE = 100

export const useCasesPlace = () => {
  const [place, write] = useQueryStates(FIELDS, { history: 'push' })
  const wire = {
    limit: String(PAGE),
    ...(place.status === null ? {} : { status: place.status }),
    ...(place.offset > 0 ? { offset: String(place.offset) } : {}),
  }
  return { ...place, wire, go: (patch: Parameters<typeof write>[0]) => void write(patch) }
}

export type CasesPlace = ReturnType<typeof useCasesPlace>
