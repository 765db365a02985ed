import { isInReach } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { revealWrites } from '@/lib/governance'
import { missing } from '@/lib/shared/problem'
import type { Reveal, Trace, TraceDetail } from './contract'
import { findExternalFacts } from './external-facts'
import { maySee } from './may-see'
import { type Presented, presentTrace } from './present'
import { partsOf, presentDetail } from './present-detail'
import { readInputs } from './recorded'
import { withSpans } from './span-steps'
import { findTrace } from './store'

// Whoever reads texts in the console leaves a row; the backend reads what it sent itself.
const noteReveal = async (scope: Scope, id: string): Promise<void> => {
  if (scope.identity.plane !== 'ops') return
  await scope.command({ audit: [{ event: 'trace_revealed', entityId: id, traceId: id, data: { by: 'detail' } }] })
}

const readTrace = async (scope: Scope, id: string, isOpen = maySee(scope)): Promise<Presented> => {
  const found = await findTrace(scope.db, id.toLowerCase())
  const row = found !== null && isInReach(scope, found) ? found : missing('trace')
  const inputs = await readInputs(scope, row.content?.inputs)
  const factsOf = await findExternalFacts(scope, [row], isOpen)
  return withSpans(scope, { row, inputs, checkedAt: scope.clock.now(), isOpen, external: factsOf(row) })
}

type Asked = { flat?: 'true' | 'false' }

const flattened = <T extends Trace>(trace: T, { flat }: Asked): { trace: T; steps?: Trace['steps'] } =>
  flat === 'true' ? { trace, steps: trace.steps } : { trace }

export const getTrace = async (scope: Scope, id: string, asked: Asked = {}) => {
  const found = await readTrace(scope, id)
  if (found.isOpen) await noteReveal(scope, found.row.id)
  return flattened(presentTrace(found), asked)
}

export const getTraceDetail = async (scope: Scope, id: string, asked: Asked = {}) => {
  const found = await readTrace(scope, id)
  if (found.isOpen) await noteReveal(scope, found.row.id)
  return flattened(presentDetail(found), asked)
}

type Reason = Pick<Reveal, 'reason_code' | 'justification'>

// The same texts, for a reason that stays with the reading.
export const revealTrace = async (scope: Scope, id: string, reason: Reason): Promise<{ trace: TraceDetail }> => {
  const found = await readTrace(scope, id, true)
  const { id: entityId, workspaceId } = found.row
  const parts = partsOf(found)
  const { id: receipt_id, writes } = revealWrites(scope, { traceId: entityId, workspaceId, parts, reason })
  const { reason_code, justification } = reason
  const data = { by: 'reveal', reason_code, justification: scope.redaction.text(justification), parts, receipt_id }
  await scope.command({ audit: [{ event: 'trace_revealed', entityId, traceId: entityId, workspaceId, data }], writes })
  return { trace: presentDetail(found) }
}
