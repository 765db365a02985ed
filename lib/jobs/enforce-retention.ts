import { z } from 'zod'
import { jobWrite } from '@/lib/core/outbox'
import { enforceLater, RETENTION_JOB, RETENTION_TASKS } from '@/lib/retention'
import { isProblem } from '@/lib/shared/problem'
import { defineJob, giveUp } from './define-job'
import { hasRecords, tenantIdsAfter } from './store-retention'

const DAY_SECONDS = 86_400
const BATCH = 200
const WORK_MS = 240_000

async function* tenantsWithRecords(): AsyncGenerator<string> {
  for (let after = ''; ; ) {
    const batch = await tenantIdsAfter(after, BATCH)
    for (const id of batch) if (await hasRecords(id)) yield id
    after = batch.at(-1) ?? ''
    if (batch.length < BATCH) return
  }
}

// Each tenant gets a job of its own: they take turns, and one that fails keeps no other from its pass.
export const retentionDay = defineJob({
  kind: 'retention.day',
  means: 'Once a day: begins the retention pass of every tenant that has traces or records',
  payload: z.object({}),
  timeoutMs: 120_000,
  everySeconds: () => DAY_SECONDS,
  run: async (scope, _payload, { signal, inTenant }) => {
    const day = scope.clock.now().toISOString().slice(0, 10)
    for await (const tenantId of tenantsWithRecords()) {
      if (signal.aborted) return
      const job = jobWrite({ kind: RETENTION_JOB, payload: { task: 'day' }, dedupeKey: `day:${day}` })
      await inTenant(tenantId).command({ audit: [], writes: [job.write] })
    }
  },
})

export const enforceRetention = defineJob({
  kind: RETENTION_JOB,
  means: 'Deletes and reduces the traces of one tenant as its retention policy says, and the records that are over',
  payload: z.object({ task: z.enum(RETENTION_TASKS), user_id: z.string().optional() }),
  timeoutMs: WORK_MS + 60_000,
  run: async (scope, task, { signal }) => {
    try {
      await enforceLater(scope, task, { budgetMs: WORK_MS, signal })
    } catch (error) {
      if (isProblem(error) && error.code === 'legal_hold') throw giveUp(error.message)
      throw error
    }
  },
})
