import type { z } from 'zod'
import type { Scope } from '@/lib/core/scope'
import { estimateCost, type Price, priceOf, ratesFor, readModelName } from '@/lib/providers'
import { type MicroUsd, usdOf } from '@/lib/shared/money'
import type { ForecastQuestion, ForecastReply } from '../contract/forecast'
import { WHOLE_TENANT } from './budget-key'
import { type BudgetRow, readBudgets } from './budgets'
import { weighBudget } from './judge'

type Question = z.output<typeof ForecastQuestion>
type Reply = z.input<typeof ForecastReply>
type Verdict = Pick<
  Reply['forecast'],
  'budget_allowed' | 'budget_remaining' | 'would_exceed_budget' | 'warning' | 'recommendation'
>

const MICRO_SQUARED = 1e12

const warned = (verdict: Omit<Verdict, 'warning' | 'recommendation'>, warning: string | undefined): Verdict => {
  if (warning === undefined) return { ...verdict, recommendation: 'ok' }
  return { ...verdict, warning, recommendation: verdict.budget_allowed ? 'warn' : 'block' }
}

const judge = (budget: BudgetRow | null, estimate: MicroUsd, now: Date, doubt: string | undefined): Verdict => {
  if (!budget) return warned({ budget_allowed: true, budget_remaining: null, would_exceed_budget: false }, doubt)
  const { remaining, allowed, isExceeded, warning } = weighBudget(budget, estimate, now)
  const verdict = {
    budget_allowed: allowed,
    budget_remaining: usdOf(remaining),
    would_exceed_budget: isExceeded,
  }
  return warned(verdict, warning ?? doubt)
}

const doubtOf = ({ source }: Price, model: string): string | undefined =>
  source === 'fallback' ? `No price is known for ${model}; a cautious one was used` : undefined

// The price, the sums and the budget are those that a run is charged by.
export const forecastCost = async (scope: Scope, question: Question): Promise<Reply> => {
  const { provider, id } = readModelName(question.model, question.provider)
  const price = priceOf({ provider, id })
  const estimate = estimateCost(price, question.prompt_size, question.max_output_tokens)
  const atRates = { ...price, ...ratesFor(price, question.prompt_size), tiers: [] }
  const [budget = null] = await readBudgets(scope, [WHOLE_TENANT])
  return {
    status: 'ok',
    forecast: {
      estimated_cost: usdOf(estimate),
      estimated_cost_micro_usd: estimate,
      input_cost: usdOf(estimateCost(atRates, question.prompt_size, 0)),
      output_cost: usdOf(estimateCost(atRates, 0, question.max_output_tokens)),
      ...judge(budget, estimate, scope.clock.now(), doubtOf(price, question.model)),
    },
    details: {
      input_tokens: question.prompt_size,
      output_tokens: question.max_output_tokens,
      model: id,
      provider,
      input_price_per_token: atRates.input / MICRO_SQUARED,
      output_price_per_token: atRates.output / MICRO_SQUARED,
      price_source: price.source,
      price_version: price.version,
    },
  }
}
