import type { Scope } from '@/lib/core/scope'
import { readStatement } from '@/lib/core/statement'
import type { Settlement } from '@/lib/governance'
import { costOf, priceOf } from '@/lib/providers'
import { addUsage, NO_USAGE, type Usage } from '@/lib/shared/chat'
import { microUsd, plus } from '@/lib/shared/money'
import type { ChainHead } from '@/lib/tracing'
import type { Totals } from './meter'

const findLines = readStatement(`SELECT "id", "state", "provider", "model", "reservedMicroUsd", "costMicroUsd",
    "inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens", "isEstimated" FROM "LedgerEntry"
  WHERE "tenantId" = :tenant AND "traceId" = :id`)

const findHead = readStatement(`SELECT "seq", "stepHash" FROM "TraceStep"
  WHERE "tenantId" = :tenant AND "traceId" = :id ORDER BY "seq" DESC LIMIT 1`)

type Line = Record<string, unknown>

const usageIn = (line: Line): Usage => ({
  input: Number(line['inputTokens']),
  output: Number(line['outputTokens']),
  cacheRead: Number(line['cacheReadTokens']),
  cacheWrite: Number(line['cacheWriteTokens']),
})

const isOpen = (line: Line): boolean => line['state'] === 'reserved'

// A call that was begun by a process that died may have been answered: it counts as spent.
const costIn = (line: Line) => microUsd(Number(isOpen(line) ? line['reservedMicroUsd'] : line['costMicroUsd']))

const inputCostIn = (line: Line) => {
  const price = priceOf({ provider: String(line['provider']), id: String(line['model']) })
  return costOf(price, { ...usageIn(line), output: 0 })
}

/** What the ledger says of a run that another process began, and what that process left open. */
export const spentSoFar = async (scope: Scope, id: string): Promise<{ spent: Totals; open: Settlement[] }> => {
  const lines = await scope.rows(findLines, { id })
  const open = lines.filter(isOpen).map((line) => ({
    id: String(line['id']),
    state: 'expired' as const,
    cost: costIn(line),
    usage: NO_USAGE,
    isEstimated: true,
  }))
  const spent = {
    usage: lines.map(usageIn).reduce(addUsage, NO_USAGE),
    cost: plus(...lines.map(costIn)),
    inputCost: plus(...lines.map(inputCostIn)),
    isEstimated: open.length > 0 || lines.some((line) => Boolean(line['isEstimated'])),
  }
  return { spent, open }
}

export const headOf = async (scope: Scope, id: string): Promise<ChainHead> => {
  const [row] = await scope.rows(findHead, { id })
  return row ? { seq: Number(row['seq']), last: String(row['stepHash']) } : { seq: 0, last: null }
}
