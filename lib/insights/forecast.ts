import { DAY_MS } from './days'

type Period = { start: Date; end: Date }

export type Outlook = { averageDaily: number; daysRemaining: number; projected: number }

const daysBetween = (from: number, until: number): number => Math.max(0, Math.ceil((until - from) / DAY_MS))

/** Where a period ends when every day that remains costs what its days have cost so far. */
export const outlookOf = (spent: number, { start, end }: Period, now: Date): Outlook => {
  const averageDaily = spent / Math.max(1, daysBetween(start.getTime(), now.getTime()))
  const daysRemaining = daysBetween(now.getTime(), end.getTime())
  return { averageDaily, daysRemaining, projected: spent + averageDaily * daysRemaining }
}

type Line = { from: number; until: number; spent: number; projected: number }

/** The moment at which the straight line from now to the end of the period crosses the limit. */
export const crossingOf = ({ from, until, spent, projected }: Line, limit: number): number | null => {
  if (spent >= limit) return from
  if (projected <= limit || until <= from) return null
  return Math.round(from + ((limit - spent) / (projected - spent)) * (until - from))
}
