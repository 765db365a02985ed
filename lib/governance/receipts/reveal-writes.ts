import type { Scope } from '@/lib/core/scope'
import type { CommandWrite } from '@/lib/core/writer'
import type { ReasonCode } from '../contract/receipt'
import { receiptWrite } from './receipt'

type Revealed = {
  traceId: string
  workspaceId: string
  parts: readonly string[]
  reason: { reason_code: ReasonCode; justification: string }
}

/** The receipt of a payload that was read, for the command that writes the audit row of the reading. */
export const revealWrites = (
  scope: Pick<Scope, 'identity' | 'clock' | 'redaction'>,
  { traceId, workspaceId, parts, reason }: Revealed,
): { id: string; writes: CommandWrite[] } => {
  const data = { workspace_id: workspaceId, trace_id: traceId, parts }
  const made = { kind: 'reveal', action: 'trace:reveal', targetId: traceId, reason, isDue: false } as const
  const { id, write } = receiptWrite(scope, { ...made, data })
  return { id, writes: [write] }
}
