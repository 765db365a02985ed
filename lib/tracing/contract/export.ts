import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { filterSpellings, TraceFilter } from './list'

export const ExportQuery = TraceFilter.extend({ format: z.enum(['csv', 'jsonl']).default('jsonl') })
export type ExportQuery = z.output<typeof ExportQuery>

export const exportTraces = contract({
  method: 'GET',
  path: '/traces/export',
  summary: 'All traces of a filter as CSV or JSON lines, newest first',
  guard: service('read'),
  tag: 'traces',
  also: filterSpellings,
  query: ExportQuery,
  replyType: 'download',
})
export const opsExportTraces = contract({
  ...exportTraces,
  path: '/ops/api/traces/export',
  guard: ops('trace:view'),
})
