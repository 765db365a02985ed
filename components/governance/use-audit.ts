'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import type { FilterField } from '@/components/table/filter-field'
import type { Filters } from '@/components/table/use-filters'
import { formatCount } from '@/components/ui/format'
import {
  opsAuditEntry,
  opsAuditHead,
  opsAuditStats,
  opsAuditVerify,
  opsAuditWho,
  opsErasePayload,
  opsListAudit,
} from '@/lib/governance/contract'
import { mutationFor, queryFor } from '@/lib/shared/query'
import { eventName } from './event-tone'

export const useAuditPage = (filters: Filters) => useQuery(queryFor(opsListAudit, { query: filters.wire }))

export const useAuditHead = () => useQuery(queryFor(opsAuditHead, {}))

export const useAuditEntry = (seq: string) => useQuery(queryFor(opsAuditEntry, { params: { seq } }))

export const useAuditWho = (seq: string) => useQuery(queryFor(opsAuditWho, { params: { seq } }))

export const useVerify = () => useMutation(mutationFor(opsAuditVerify))

export const useErase = () => useMutation(mutationFor(opsErasePayload, { refreshes: [opsListAudit, opsAuditEntry] }))

const TEXT_FIELDS: readonly FilterField[] = [
  { name: 'actor', label: 'Actor', kind: 'text', placeholder: 'user:…', hint: 'The exact actor, as the list shows it' },
  { name: 'entity_id', label: 'Entity', kind: 'text', hint: 'The id of what was changed' },
  { name: 'request_id', label: 'Request id', kind: 'text', hint: 'Shown in every error and toast' },
  { name: 'trace_id', label: 'Trace id', kind: 'text' },
  { name: 'workspace_id', label: 'Workspace', kind: 'text' },
  { name: 'start_date', label: 'From', kind: 'instant' },
  { name: 'end_date', label: 'Until', kind: 'instant' },
]

export const useAuditFields = (): FilterField[] => {
  const { data } = useQuery({ ...queryFor(opsAuditStats, {}), staleTime: 60_000 })
  const counts = Object.entries(data?.stats.entries_by_type ?? {}).sort(([, a], [, b]) => b - a)
  const options = counts.map(([value, count]) => ({
    value,
    label: `${eventName(value)} (${formatCount(count)})`,
    short: eventName(value),
  }))
  const eventField: FilterField =
    options.length > 0
      ? { name: 'event_type', label: 'Event', kind: 'choice', options }
      : { name: 'event_type', label: 'Event', kind: 'text' }
  return [eventField, ...TEXT_FIELDS]
}
