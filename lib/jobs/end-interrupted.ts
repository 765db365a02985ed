import { z } from 'zod'
import { endInterrupted, expireHold } from '@/lib/runtime'
import { defineJob } from './define-job'
import { overdueHolds, overdueRuns } from './store-runs'

// Nothing stays reserved for a run whose server died, and no trace says `running` for ever.
export const endInterruptedRuns = defineJob({
  kind: 'system.end-interrupted-runs',
  means: 'Ends the runs of servers that died, and settles what was held for them',
  payload: z.object({}),
  timeoutMs: 60_000,
  everySeconds: () => 20,
  run: async (scope, _payload, { inTenant, signal }) => {
    for (const { tenantId, id } of await overdueRuns(scope.clock.now())) {
      if (signal.aborted) return
      if (await endInterrupted(inTenant(tenantId), id)) scope.log.warn('run was interrupted', { tenantId, trace: id })
    }
    for (const { tenantId, id, reservedMicroUsd, adapterId } of await overdueHolds(scope.clock.now())) {
      if (signal.aborted) return
      await expireHold(inTenant(tenantId), { id, amount: reservedMicroUsd, isGrant: adapterId !== null })
    }
  },
})
