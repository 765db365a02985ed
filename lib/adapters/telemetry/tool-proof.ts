import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import type { Payload } from '../contract/ingest'
import { usedAuthorizations } from '../store'

/** Tools that a trace says were called, and that nobody here authorized for this execution, once for each call. */
export const unprovenTools = async (scope: Scope, adapterId: string, payload: Payload<'trace'>): Promise<string[]> => {
  const mode = kernel().env.CLASPER_TOOL_AUTH_MODE
  if (mode === 'off') return []
  const calls = payload.trace.steps.flatMap((step) =>
    step.type === 'tool_call' && step.data.permitted ? [step.data] : [],
  )
  const ids = calls.flatMap(({ tool_token_jti: id }) => (id === undefined ? [] : [id.toLowerCase()]))
  const rows = ids.length === 0 ? [] : await usedAuthorizations(scope.db, payload.execution_id, [...new Set(ids)])
  const known = new Map(rows.filter((row) => row.adapterId === adapterId).map(({ id, tool }) => [id, tool]))
  const unproven = calls.filter(({ tool_token_jti: id, tool_name: name }) => {
    const key = id?.toLowerCase() ?? ''
    const isProven = known.get(key) === name
    // One authorization is for one call.
    if (isProven) known.delete(key)
    return !isProven
  })
  const names = [...new Set(unproven.map(({ tool_name: name }) => name))].sort()
  if (mode === 'enforce' && names.length > 0)
    throw new Problem('tool_authorization_missing', undefined, { tools: names.slice(0, 50) })
  return names
}
