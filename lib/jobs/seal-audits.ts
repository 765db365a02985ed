import { z } from 'zod'
import { kernel } from '@/lib/core/kernel'
import { publishCheckpoint } from '@/lib/governance'
import { defineJob, type JobContext } from './define-job'
import { unsealedTenants } from './store-events'

const BATCH = 200

// Tenants whose newest checkpoint did not reach the webhook yet: they grew no further, but are not finished.
const unfinished = () => kernel().slot('jobs.unpublished', () => new Set<string>())

const seal = async (tenantId: string, { inTenant }: JobContext): Promise<unknown> => {
  try {
    await publishCheckpoint(inTenant(tenantId))
    unfinished().delete(tenantId)
    return null
  } catch (error) {
    unfinished().add(tenantId)
    return error
  }
}

async function* tenantsToSeal(): AsyncGenerator<string> {
  const waiting = [...unfinished()]
  yield* waiting
  for (let after = ''; ; ) {
    const batch = await unsealedTenants(after, BATCH)
    yield* batch.filter((tenantId) => !waiting.includes(tenantId))
    after = batch.at(-1) ?? ''
    if (batch.length < BATCH) return
  }
}

export const sealAudits = defineJob({
  kind: 'audit.checkpoint',
  means: 'Signs the audit log of every tenant that grew and hands the checkpoint on',
  payload: z.object({}),
  timeoutMs: 120_000,
  everySeconds: () => kernel().env.CLASPER_CHECKPOINT_SECONDS,
  run: async (_scope, _payload, job) => {
    const errors: unknown[] = []
    for await (const tenantId of tenantsToSeal()) {
      if (job.signal.aborted) return
      const error = await seal(tenantId, job)
      if (error !== null) errors.push(error)
    }
    if (errors.length > 0) throw new AggregateError(errors, `${errors.length} audit logs: ${String(errors[0])}`)
  },
})
