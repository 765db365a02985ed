import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { uuidv7 } from '@/lib/shared/id'
import { addCounts, dropOldFaults, insertFaults } from './sql-ingest'

// How many spans came in by which way, by the hour, and the last faults in words: in the commit of the spans themselves.

export type IngestFault = { reason: string; message: string; spans: number }

export type IngestCount = {
  outcome: 'accepted' | 'duplicate' | 'rejected' | 'truncated'
  reason: string
  spans: number
}

const MOST_MESSAGE = 500
const MOST_FAULTS = 20
const HOUR = ':00:00.000+00:00'

const named = (text: string): string => text.slice(0, 100)

export const countWrites = (scope: Scope, source: string, counts: readonly IngestCount[]): CommandWrite[] => {
  const hour = `${scope.clock.now().toISOString().slice(0, 13)}${HOUR}`
  const rows = counts
    .filter(({ spans }) => spans > 0)
    .map(({ outcome, reason, spans }) => ({ hour, source: named(source), outcome, reason: named(reason), spans }))
  return rows.length === 0 ? [] : [{ statement: addCounts, rows }]
}

export const faultWrites = (scope: Scope, source: string, faults: readonly IngestFault[]): CommandWrite[] => {
  if (faults.length === 0) return []
  const now = scope.clock.now()
  const rows = faults.slice(0, MOST_FAULTS).map((fault) => ({
    id: uuidv7(now.getTime()),
    source: named(source),
    reason: named(fault.reason),
    message: scope.redaction.text(fault.message).slice(0, MOST_MESSAGE),
    spans: fault.spans,
    at: storedTime(now),
  }))
  return [
    { statement: insertFaults, rows },
    { statement: dropOldFaults, rows: [{}] },
  ]
}
