import { z } from 'zod'
import { reconcileRuns } from '@/lib/runtime'
import { defineJob } from './define-job'
import { tenantsWithOpenDecisions } from './store-decisions'

// Nothing waits for ever: neither an action for a person, nor a run for a process.
export const reconcileDecisions = defineJob({
  kind: 'system.reconcile-decisions',
  means: 'Ends decisions that ran out of time, and takes up runs that were left standing',
  payload: z.object({}),
  timeoutMs: 60_000,
  everySeconds: () => 15,
  run: async (scope, _payload, { inTenant, signal }) => {
    for (const tenantId of await tenantsWithOpenDecisions(scope.clock.now())) {
      if (signal.aborted) return
      await reconcileRuns(inTenant(tenantId))
    }
  },
})
