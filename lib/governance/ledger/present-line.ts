import type { Scope } from '@/lib/core/scope'
import { readNote } from '@/lib/providers'
import { usdOf } from '@/lib/shared/money'
import { toWireOrNull } from '@/lib/shared/time'
import type { LedgerLine } from '../contract/ledger'

const first = (scope: Scope) => scope.db.ledgerEntry.findFirst()
export type LineRow = NonNullable<Awaited<ReturnType<typeof first>>>

export const presentLine = (row: LineRow): LedgerLine => ({
  id: row.id,
  tenant_id: row.tenantId,
  trace_id: row.traceId,
  workspace_id: row.workspaceId,
  environment: row.environment,
  agent_role: row.agentRole,
  user_id: row.userId,
  adapter_id: row.adapterId,
  kind: row.kind,
  provider: row.provider,
  model: row.model,
  state: row.state as LedgerLine['state'],
  reserved_usd: usdOf(row.reservedMicroUsd),
  reserved_micro_usd: Number(row.reservedMicroUsd),
  cost_usd: usdOf(row.costMicroUsd),
  cost_micro_usd: Number(row.costMicroUsd),
  input_tokens: row.inputTokens,
  output_tokens: row.outputTokens,
  cache_read_tokens: row.cacheReadTokens,
  cache_write_tokens: row.cacheWriteTokens,
  reasoning_tokens: row.reasoningTokens,
  is_estimated: row.isEstimated,
  price_version: readNote(row.priceVersion).version,
  created_at: row.createdAt.toISOString(),
  lease_until: row.leaseUntil.toISOString(),
  settled_at: toWireOrNull(row.settledAt),
})
