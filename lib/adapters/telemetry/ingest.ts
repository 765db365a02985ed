import type { CommandAudit, Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { tellCrossed } from '@/lib/governance'
import { missing, Problem } from '@/lib/shared/problem'
import type { Payload, PayloadKind } from '../contract/ingest'
import { type CurrentAdapter, currentAdapter, isOfHolder, seenWrites } from '../current-adapter'
import { insertReport, raiseUse } from '../sql'
import { type ExecutionRow, findExecution, findReport, findTraceOwner } from '../store'
import { type Opened, openEnvelope, tellsUnsigned } from './open-envelope'

export type Taken<K extends PayloadKind> = Opened<K> & {
  adapter: CurrentAdapter
  execution: ExecutionRow | null
  traceId: string
}

// What one kind of telemetry leaves besides its report.
export type Booking = {
  event: CommandAudit['event']
  occurredAt: Date
  // Of the agent's own words, kept for those who may read them.
  data: object
  // For the log, which more people read: no text of the agent.
  facts: object
  // Before the report, in this order.
  turns?: readonly CommandWrite[]
  writes?: readonly CommandWrite[]
  audits?: readonly CommandAudit[]
  used?: { steps?: number; cost?: number }
  committed?(): void | Promise<void>
}

const executionOf = async (scope: Scope, id: string): Promise<ExecutionRow | null> => {
  const row = await findExecution(scope.db, id)
  return row === null || isOfHolder(scope, row) ? row : missing('execution', id)
}

const keyOf = (kind: PayloadKind, { adapter, payload, payloadHash }: Taken<PayloadKind>) => ({
  adapterId: adapter.id,
  executionId: payload.execution_id,
  kind,
  payloadHash,
})

const reportWrite = (scope: Scope, kind: PayloadKind, taken: Taken<PayloadKind>, booking: Booking): CommandWrite => ({
  statement: insertReport,
  guard: true,
  rows: [
    {
      adapter: taken.adapter.id,
      execution: taken.payload.execution_id,
      kind,
      hash: taken.payloadHash,
      evidence: taken.evidence,
      trace: taken.traceId,
      data: scope.redaction.value(booking.data),
      occurred: storedTime(booking.occurredAt),
      received: storedTime(scope.clock.now()),
    },
  ],
})

const usageWrite = ({ adapter, execution, traceId }: Taken<PayloadKind>, used: Booking['used']): CommandWrite[] =>
  execution === null
    ? []
    : [
        {
          statement: raiseUse,
          // Two of one execution in one group would be counted as one: then each of them goes alone.
          guard: true,
          rows: [
            { id: execution.id, steps: used?.steps ?? 0, cost: used?.cost ?? 0, trace: traceId, adapter: adapter.id },
          ],
        },
      ]

const auditsOf = (taken: Taken<PayloadKind>, kind: PayloadKind, booking: Booking): CommandAudit[] => {
  const { adapter, payload, traceId, unsigned } = taken
  const about = { entityId: payload.execution_id, workspaceId: adapter.workspaceId, traceId }
  const told = { adapter_id: adapter.id, execution_id: payload.execution_id, payload_hash: taken.payloadHash }
  const data = { ...told, evidence: taken.evidence, ...booking.facts }
  return [
    { event: booking.event, ...about, data },
    ...(unsigned !== null && tellsUnsigned()
      ? [
          {
            event: 'adapter_telemetry_unsigned' as const,
            ...about,
            data: { ...told, payload_type: kind, reason: unsigned },
          },
        ]
      : []),
    ...(booking.audits ?? []),
  ]
}

// Nobody tells anything of a trace that is not his: neither of our own runs nor of another agent.
const assertOwnTrace = async (scope: Scope, adapterId: string, traceId: string): Promise<void> => {
  const owner = await findTraceOwner(scope.db, traceId)
  if (owner !== null && (owner.origin !== 'adapter' || owner.adapterId !== adapterId))
    throw new Problem('trace_exists', undefined, { trace_id: traceId })
}

type Reply = { status: 'ok' | 'duplicate' }

const refused = async (scope: Scope, kind: PayloadKind, taken: Taken<PayloadKind>): Promise<Reply> => {
  if ((await findReport(scope.db, keyOf(kind, taken))) !== null) return { status: 'duplicate' }
  await currentAdapter(scope)
  if (kind === 'trace' && (await findTraceOwner(scope.db, taken.traceId)) !== null)
    throw new Problem('trace_exists', undefined, { trace_id: taken.traceId })
  throw new Problem('unavailable', 'The telemetry could not be stored.')
}

const takenOf = async <K extends PayloadKind>(scope: Scope, sent: object, kind: K): Promise<Taken<K>> => {
  const adapter = await currentAdapter(scope)
  const opened = await openEnvelope(scope, adapter, sent as Record<string, unknown>, kind)
  const { execution_id: id, trace_id: trace } = opened.payload as Payload<PayloadKind>
  await assertOwnTrace(scope, adapter.id, trace.toLowerCase())
  return { ...opened, adapter, execution: await executionOf(scope, id), traceId: trace.toLowerCase() }
}

/** Taken once, after all of it was checked, in one commit with what it leaves. Whoever is answered has it stored. */
export const ingest = async <K extends PayloadKind>(
  scope: Scope,
  sent: object,
  kind: K,
  book: (taken: Taken<K>) => Booking | Promise<Booking>,
): Promise<Reply> => {
  const taken = await takenOf(scope, sent, kind)
  const any = taken as unknown as Taken<PayloadKind>
  if ((await findReport(scope.db, keyOf(kind, any))) !== null) return { status: 'duplicate' }
  const booking = await book(taken)
  const result = await scope.command({
    audit: auditsOf(any, kind, booking),
    writes: [
      ...(booking.turns ?? []),
      reportWrite(scope, kind, any, booking),
      ...(booking.writes ?? []),
      ...usageWrite(any, booking.used),
      ...seenWrites(scope, taken.adapter.id),
    ],
  })
  if (!result.applied) return refused(scope, kind, any)
  await booking.committed?.()
  await tellCrossed(scope, result)
  return { status: 'ok' }
}
