import { isInReach } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { costAt, linesOf, type Rates, readNote } from '@/lib/providers'
import type { Usage } from '@/lib/shared/chat'
import { usdOf } from '@/lib/shared/money'
import { missing } from '@/lib/shared/problem'
import type { LedgerWhy } from '../contract/ledger'
import { keysOf } from './budget-key'
import { unreadable } from './budgets'
import { type LineRow, presentLine } from './present-line'

const MILLION = 1_000_000

const usageIn = (row: LineRow): Usage => ({
  input: row.inputTokens,
  output: row.outputTokens,
  cacheRead: row.cacheReadTokens,
  cacheWrite: row.cacheWriteTokens,
  reasoning: row.reasoningTokens,
})

const BUCKETS = {
  input: 'input',
  output: 'output',
  cacheRead: 'cache_read',
  cacheWrite: 'cache_write',
  reasoning: 'reasoning',
} as const

type Counted = Pick<LedgerWhy, 'why' | 'sum_usd'>

const counted = (rates: Rates, usage: Usage): Counted => {
  const lines = linesOf(rates, usage).filter(({ tokens }) => tokens > 0)
  const sum = lines.reduce((total, { millionths }) => total + millionths, 0n)
  return {
    why: lines.map(({ bucket, tokens, rate, millionths }) => ({
      bucket: BUCKETS[bucket],
      tokens,
      usd_per_million: rate / MILLION,
      micro_usd_per_million: rate,
      cost_usd: Number(millionths) / MILLION / MILLION,
    })),
    sum_usd: Number(sum) / MILLION / MILLION,
  }
}

const NOTHING_COUNTED: Counted = { why: [], sum_usd: null }

const textOf = (row: LineRow): string => {
  if (row.adapterId !== null && row.state !== 'settled')
    return 'Held for what an external agent was granted; what it spends stands on lines of its own.'
  if (row.state === 'reserved') return 'The call is running; this much is held for it and nothing is spent yet.'
  if (row.state === 'released') return 'Nothing was spent: what was held was given back.'
  if (row.state === 'expired')
    return 'The server stopped before the call ended. It may have been spent, so all that was held counts as spent.'
  return 'Told by an external agent, or of a version that kept no prices with the line.'
}

const whyOf = (row: LineRow): Counted & Pick<LedgerWhy, 'explanation'> => {
  const { rates } = readNote(row.priceVersion)
  const usage = usageIn(row)
  const isCounted = row.state === 'settled' && rates !== null && BigInt(costAt(rates, usage)) === row.costMicroUsd
  if (!isCounted) return { ...NOTHING_COUNTED, explanation: textOf(row) }
  const guess = row.isEstimated ? ' The provider told no usage, so the tokens are an estimate.' : ''
  const text = `Tokens times price, added up and rounded once, half up, to ${usdOf(row.costMicroUsd)} USD.${guess}`
  return { ...counted(rates, usage), explanation: text }
}

/** One line, and what its cost is made of: by the prices that stand with it, whatever the book says today. */
export const explainLine = async (scope: Scope, id: string): Promise<LedgerWhy> => {
  const where = { tenantId_id: { tenantId: scope.tenantId, id } }
  const row = await scope.db.ledgerEntry.findUnique({ where }).catch(unreadable)
  if (!row || !isInReach(scope, row)) return missing('ledger entry', id)
  const { workspaceId, environment, agentRole: role, userId } = row
  const keys = keysOf({ workspaceId, environment, role, userId })
  const budgets = await scope.db.budget.findMany({ where: { id: { in: keys } }, select: { id: true } })
  const known = new Set(budgets.map((budget) => budget.id))
  return { entry: presentLine(row), ...whyOf(row), counts_toward: keys.filter((key) => known.has(key)) }
}
