import type { CommandAudit, Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { insertReport } from '../sql'
import { payloadHashOf } from './signature'

export type Seen = {
  adapterId: string
  executionId: string
  traceId: string
  workspaceId: string
  type:
    | 'tool_without_authorization'
    | 'cost_exceeded'
    | 'steps_exceeded'
    | 'execution_not_allowed'
    | 'execution_expired'
  message: string
}

/** What this platform found out itself, kept beside what agents report; the same finding once. */
export const seenViolation = (scope: Scope, seen: Seen): { write: CommandWrite; audit: CommandAudit } => {
  const now = storedTime(scope.clock.now())
  const data = { violation_type: seen.type, message: seen.message }
  const hash = payloadHashOf({ seen_here: true, trace: seen.traceId, ...data })
  return {
    write: {
      statement: insertReport,
      rows: [
        {
          adapter: seen.adapterId,
          execution: seen.executionId,
          kind: 'violations',
          hash,
          evidence: 'platform',
          trace: seen.traceId,
          data,
          occurred: now,
          received: now,
        },
      ],
    },
    audit: {
      event: 'adapter_violation_reported',
      entityId: seen.executionId,
      workspaceId: seen.workspaceId,
      traceId: seen.traceId,
      data: {
        adapter_id: seen.adapterId,
        execution_id: seen.executionId,
        violation_type: seen.type,
        evidence: 'platform',
        payload_hash: hash,
      },
    },
  }
}
