import { isInReach } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'
import type { Trace } from './contract'
import { presentTrace } from './present'
import { readInputs } from './recorded'
import { findTrace } from './store'

const maySee = ({ identity }: Scope): boolean =>
  identity.plane === 'service' || identity.permissions.has('trace:reveal')

// Whoever reads texts in the console leaves a row; the backend reads what it sent itself.
const noteReveal = async (scope: Scope, id: string): Promise<void> => {
  if (scope.identity.plane !== 'ops') return
  await scope.command({ audit: [{ event: 'trace_revealed', entityId: id, traceId: id, data: { by: 'detail' } }] })
}

export const getTrace = async (scope: Scope, id: string): Promise<{ trace: Trace }> => {
  const found = await findTrace(scope.db, id.toLowerCase())
  const row = found !== null && isInReach(scope, found) ? found : missing('trace')
  const isOpen = maySee(scope)
  if (isOpen) await noteReveal(scope, row.id)
  return { trace: presentTrace(row, await readInputs(scope, row.content?.inputs), isOpen) }
}
