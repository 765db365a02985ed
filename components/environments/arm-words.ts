import { formatCount } from '@/components/ui/format'
import type { CanaryComparison } from '@/lib/workspace/contract/canary'

type Difference = NonNullable<CanaryComparison['error_rate_difference']>

const points = (rate: number): string => {
  const value = Math.round(rate * 1_000) / 10
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value)}`
}

const interval = ({ low, high, confidence }: Difference): string =>
  `with ${Math.round(confidence * 100)} % confidence between ${points(low)} and ${points(high)} points`

// Below this neither arm has told much, whatever the figures say.
export const FEW_RUNS = 30

const smallest = ({ stable, canary }: CanaryComparison): number => Math.min(stable.ended, canary.ended)

/** What may be said of the two arms by now, and no more than that. */
export const verdictOf = (comparison: CanaryComparison): string => {
  const { error_rate_difference: found, stable, canary } = comparison
  if (found === null) {
    const lacking = canary.ended === 0 ? 'the canary' : 'the stable arm'
    return stable.ended + canary.ended === 0
      ? 'Nothing can be said yet: no run has ended on either arm.'
      : `Nothing can be said yet: no run has ended on ${lacking}.`
  }
  if (found.verdict === 'worse') return `The canary fails more often: ${interval(found)}.`
  if (found.verdict === 'better') return `The canary fails less often: ${interval(found)}.`
  const least = smallest(comparison)
  const few = least < FEW_RUNS ? ` The smaller arm has ${formatCount(least)} ended runs; that shows little.` : ''
  return `No difference in failures is shown; it lies ${interval(found)}.${few}`
}
