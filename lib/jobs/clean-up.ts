import { z } from 'zod'
import { dateOf } from '@/lib/core/clock'
import { defineJob } from './define-job'
import { dropEndedJobs, dropEvents, dropIdempotencyKeys, dropSeenTokens, dropSessions } from './store-cleanup'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

export const cleanUp = defineJob({
  kind: 'system.clean-up',
  means: 'Deletes old live events, ended jobs, expired sessions, seen tokens and idempotency keys',
  payload: z.object({}),
  timeoutMs: 4 * MINUTE_MS,
  everySeconds: () => 300,
  run: async (scope, _payload, { signal }) => {
    const now = scope.clock.now().getTime()
    const removed = {
      tokens: await dropSeenTokens(dateOf(now), signal),
      events: await dropEvents(dateOf(now - HOUR_MS), signal),
      jobs: await dropEndedJobs(dateOf(now - 7 * DAY_MS), signal),
      idempotencyKeys: await dropIdempotencyKeys(dateOf(now), signal),
      sessions: await dropSessions(dateOf(now - DAY_MS), signal),
    }
    if (Object.values(removed).some((count) => count > 0)) scope.log.info('cleaned up', removed)
  },
})
