import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'

const DAY_MS = 86_400_000
const OLDEST_DAYS = 366

export const oldestTime = (scope: Pick<Scope, 'clock'>): Date =>
  dateOf(scope.clock.now().getTime() - OLDEST_DAYS * DAY_MS)

/** A time that an agent tells: not from the future, and not from before anybody looks. */
export const timeIn = (scope: Scope, text: string, field: string): Date => {
  const [at, now] = [dateOf(text), scope.clock.now().getTime()]
  const isThere = at >= oldestTime(scope) && at.getTime() <= now + DAY_MS
  if (isThere) return at
  throw new Problem('invalid_request', 'Invalid payload', {
    formErrors: [],
    fieldErrors: { [field]: ['is more than a year ago, or in the future'] },
  })
}
