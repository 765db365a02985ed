import { kernel } from '@/lib/core/kernel'
import { emit } from '@/lib/core/outbox'
import type { Scope, WriteDb } from '@/lib/core/scope'
import { missing, Problem } from '@/lib/shared/problem'
import type { JobView } from './contract'
import { requireJobs } from './fence'
import { presentJob } from './present'
import { discardDead, findJob, requeueDead } from './store-tenant'

type Change = {
  kind: 'job_retried' | 'job_discarded'
  apply: (db: WriteDb, id: string, now: Date) => Promise<boolean>
}

type Done = { status: 'ok'; job: JobView }

const changeDead = async (scope: Scope, id: string, { kind, apply }: Change): Promise<Done> => {
  requireJobs(scope)
  return scope.mutate(
    {
      event: 'config_change',
      entityId: id,
      data: (done: Done) => ({ kind, job: done.job.kind, status: done.job.status }),
    },
    async (db) => {
      const isChanged = await apply(db, id, scope.clock.now())
      const row = (await findJob(db, id)) ?? missing('job', id)
      if (!isChanged) throw new Problem('already_resolved', 'Only a dead job can be changed', { status: row.status })
      await emit(db, 'job.changed', { id, kind: row.kind, status: row.status })
      return { status: 'ok' as const, job: presentJob(row) }
    },
  )
}

export const retryJob = async (scope: Scope, id: string) => {
  const done = await changeDead(scope, id, { kind: 'job_retried', apply: requeueDead })
  kernel().bus.emit('job-queued', {})
  return done
}

export const discardJob = (scope: Scope, id: string) =>
  changeDead(scope, id, { kind: 'job_discarded', apply: discardDead })
