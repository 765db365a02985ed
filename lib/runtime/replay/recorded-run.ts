import type { Cleaner } from '@/lib/core/redaction/tenant'
import { Problem } from '@/lib/shared/problem'
import type { RunKind, TraceRecord } from '@/lib/tracing'
import { callsIn, type RecordedCall, type RecordedTool, toolsIn } from './recorded-calls'
import { AgentInputs, SingleInputs } from './recorded-inputs'

type Recorded = {
  cleaner: Cleaner
  record: TraceRecord
  calls: readonly RecordedCall[]
  tools: readonly RecordedTool[]
}

export type AgentRun = Recorded & { kind: 'agent'; inputs: AgentInputs }
export type SingleRun = Recorded & { kind: Extract<RunKind, 'compact' | 'llm_task'>; inputs: SingleInputs }
export type RecordedRun = AgentRun | SingleRun

const OLD = 'It was recorded before the record held all that a run is given.'

const reasonFor = ({ origin, status, storage, inputs }: TraceRecord): string | null => {
  if (origin !== 'run' && origin !== 'replay') return 'It came in from outside: what it was given is not known here.'
  if (status === 'running') return 'It is still running.'
  if (status === 'paused') return 'It waits for an approval.'
  if (storage !== 'full') return 'Its texts are gone by the retention policy.'
  if (inputs['system_prompt'] === null) return 'Its prompt is not kept any more.'
  return null
}

const isSingle = (record: TraceRecord): boolean =>
  record.promptSource === 'none' && record.workspaceHash === null && !('composed_at' in record.inputs)

const parsed = (record: TraceRecord, cleaner: Cleaner): RecordedRun => {
  const { steps, inputs } = record
  const said = { cleaner, record, calls: callsIn(steps), tools: toolsIn(steps) }
  if (!isSingle(record)) return { ...said, kind: 'agent', inputs: AgentInputs.parse(inputs) }
  const kind = 'keep_recent' in inputs ? 'compact' : 'llm_task'
  return { ...said, kind, inputs: SingleInputs.parse(inputs) }
}

/** The run that a trace records, or why it cannot be told. */
export const findRun = (record: TraceRecord, cleaner: Cleaner): RecordedRun | string => {
  const reason = reasonFor(record)
  if (reason !== null) return reason
  try {
    return parsed(record, cleaner)
  } catch {
    return OLD
  }
}

export const recordedRun = (record: TraceRecord, cleaner: Cleaner): RecordedRun => {
  const found = findRun(record, cleaner)
  if (typeof found !== 'string') return found
  throw new Problem('not_replayable', `This trace cannot be replayed. ${found}`)
}
