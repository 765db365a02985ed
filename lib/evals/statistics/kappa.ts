import { bootstrap, type Interval } from './intervals'

export type Pair = { judge: boolean; human: boolean }

export type Confusion = { both_pass: number; judge_only: number; human_only: number; both_fail: number }

export const confusionOf = (pairs: readonly Pair[]): Confusion => {
  const count = (judge: boolean, human: boolean) =>
    pairs.filter((pair) => pair.judge === judge && pair.human === human).length
  return {
    both_pass: count(true, true),
    judge_only: count(true, false),
    human_only: count(false, true),
    both_fail: count(false, false),
  }
}

export const agreementOf = ({ both_pass, judge_only, human_only, both_fail }: Confusion): number | null => {
  const n = both_pass + judge_only + human_only + both_fail
  return n === 0 ? null : (both_pass + both_fail) / n
}

/** Cohen's kappa: agreement beyond what chance would bring. Where everybody says the same always, it says nothing. */
export const kappaOf = (confusion: Confusion): number | null => {
  const { both_pass: a, judge_only: b, human_only: c, both_fail: d } = confusion
  const n = a + b + c + d
  if (n === 0) return null
  const chance = ((a + b) * (a + c) + (c + d) * (b + d)) / (n * n)
  return chance >= 1 ? null : ((a + d) / n - chance) / (1 - chance)
}

const FEWEST = 5

export const kappaInterval = (pairs: readonly Pair[]): Interval | null =>
  pairs.length < FEWEST ? null : bootstrap(pairs, (drawn) => kappaOf(confusionOf(drawn)))

/** The customary words of Landis and Koch, for people. */
export const readingOf = (kappa: number | null) => {
  if (kappa === null) return 'unknown'
  if (kappa < 0) return 'poor'
  if (kappa <= 0.2) return 'slight'
  if (kappa <= 0.4) return 'fair'
  if (kappa <= 0.6) return 'moderate'
  return kappa <= 0.8 ? 'substantial' : 'almost_perfect'
}
