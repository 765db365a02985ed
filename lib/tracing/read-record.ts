import { isInReach } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'
import { readInputs } from './recorded'
import { findTrace, type StoredTrace } from './store'

type Json = Record<string, unknown>

export type RecordedStep = { seq: number; type: string; durationMs: number; data: Json }

// A trace as it is stored, with its texts: for those who work with it, never for a reply.
export type TraceRecord = Omit<StoredTrace, 'steps' | 'content' | 'labels' | 'annotations'> & {
  inputs: Json
  outcome: Json
  steps: readonly RecordedStep[]
}

export const readRecord = async (scope: Scope, id: string): Promise<TraceRecord> => {
  const found = await findTrace(scope.db, id.toLowerCase())
  const row = found !== null && isInReach(scope, found) ? found : missing('trace')
  const { content, steps, labels: _labels, annotations: _annotations, ...rest } = row
  return {
    ...rest,
    inputs: await readInputs(scope, content?.inputs),
    outcome: content?.outcome ? (JSON.parse(content.outcome) as Json) : {},
    steps: steps.map(({ seq, type, durationMs, data }) => ({ seq, type, durationMs, data: JSON.parse(data) as Json })),
  }
}
