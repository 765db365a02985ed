import type { z } from 'zod'
import type { Scope } from '@/lib/core/scope'
import { estimateCost, type Price, priceOf, readModelName } from '@/lib/providers'
import { type MicroUsd, usdOf } from '@/lib/shared/money'
import type { ForecastQuestion, ForecastReply } from '../contract/forecast'
import { budgetOf } from './ledger'

type Question = z.output<typeof ForecastQuestion>
type Reply = z.input<typeof ForecastReply>
type Budget = { limit: MicroUsd; spent: MicroUsd; reserved: MicroUsd; isHard: boolean }
type Verdict = Pick<
  Reply['forecast'],
  'budget_allowed' | 'budget_remaining' | 'would_exceed_budget' | 'warning' | 'recommendation'
>

const ALERT_PERCENT = 80
const MICRO_SQUARED = 1e12

const warned = (verdict: Omit<Verdict, 'warning' | 'recommendation'>, warning: string | undefined): Verdict => {
  if (warning === undefined) return { ...verdict, recommendation: 'ok' }
  return { ...verdict, warning, recommendation: verdict.budget_allowed ? 'warn' : 'block' }
}

const budgetWarning = ({ limit, spent, reserved, isHard }: Budget, after: number): string | undefined => {
  if (after > limit) return isHard ? 'Exceeds hard limit' : 'Budget exceeded - soft limit'
  const percent = (100 * (spent + reserved)) / limit
  return percent >= ALERT_PERCENT ? `Budget usage at ${percent.toFixed(1)}% - approaching limit` : undefined
}

const judge = (budget: Budget | null, estimate: MicroUsd, doubt: string | undefined): Verdict => {
  if (!budget) return warned({ budget_allowed: true, budget_remaining: null, would_exceed_budget: false }, doubt)
  const { limit, spent, reserved, isHard } = budget
  const after = spent + reserved + estimate
  const verdict = {
    budget_allowed: after <= limit || !isHard,
    budget_remaining: usdOf(Math.max(0, limit - spent - reserved)),
    would_exceed_budget: after > limit,
  }
  return warned(verdict, budgetWarning(budget, after) ?? doubt)
}

const doubtOf = ({ source }: Price, model: string): string | undefined =>
  source === 'fallback' ? `No price is known for ${model}; a cautious one was used` : undefined

// The price, the sums and the budget are those that a run is charged by.
export const forecastCost = async (scope: Scope, question: Question): Promise<Reply> => {
  const { provider, id } = readModelName(question.model, question.provider)
  const price = priceOf({ provider, id })
  const estimate = estimateCost(price, question.prompt_size, question.max_output_tokens)
  return {
    status: 'ok',
    forecast: {
      estimated_cost: usdOf(estimate),
      estimated_cost_micro_usd: estimate,
      input_cost: usdOf(estimateCost(price, question.prompt_size, 0)),
      output_cost: usdOf(estimateCost(price, 0, question.max_output_tokens)),
      ...judge(await budgetOf(scope), estimate, doubtOf(price, question.model)),
    },
    details: {
      input_tokens: question.prompt_size,
      output_tokens: question.max_output_tokens,
      model: id,
      provider,
      input_price_per_token: price.input / MICRO_SQUARED,
      output_price_per_token: price.output / MICRO_SQUARED,
      price_source: price.source,
      price_version: price.version,
    },
  }
}
