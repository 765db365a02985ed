import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import type { TraceFilter } from './contract'
import { narrow } from './filter'
import { findTraces, summariesOf } from './list-traces'

const foundBy = async (scope: Scope, filter: Partial<TraceFilter>, limit: number) => {
  const found = await findTraces(scope, narrow(scope, filter), { limit, offset: 0 })
  const traces = await summariesOf(scope, found.rows)
  return {
    traces,
    count: traces.length,
    total: found.total,
    total_exact: found.total_exact,
    trace_ids: traces.map(({ id }) => id),
  }
}

type ByLabel = { label_key: string; label_value?: string | undefined; limit: number }

export const tracesByLabel = (scope: Scope, { limit, label_key, label_value }: ByLabel) =>
  foundBy(scope, { label_key, label_value }, limit)

type ByEntity = {
  task_id?: string | undefined
  document_id?: string | undefined
  message_id?: string | undefined
  limit: number
}

const ENTITIES = ['task', 'document', 'message'] as const

// The first of them that was given decides.
export const tracesByEntity = async (scope: Scope, { limit, ...ids }: ByEntity) => {
  const type = ENTITIES.find((name) => ids[`${name}_id`] !== undefined)
  if (type === undefined) throw new Problem('invalid_request', 'Invalid query')
  const id = ids[`${type}_id`] ?? ''
  return { entity_type: type, entity_id: id, ...(await foundBy(scope, { [`${type}_id`]: id }, limit)) }
}
