import { expect, it } from 'vitest'
import { z } from 'zod'
import { kernel } from '@/lib/core/kernel'
import { emit, enqueue } from '@/lib/core/outbox'
import { systemWrite } from '@/lib/core/system-db'
import { approver, pendingDecision, YES } from '@/lib/core/testing/approvals'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { versionOf, WORKSPACE } from '@/lib/core/testing/promotions'
import {
  acknowledgeReceipt,
  closeBreakGlass,
  openBreakGlass,
  resolveDecision,
  setBudget,
  tellBudget,
} from '@/lib/governance'
import { followFrom } from '@/lib/http/live'
import { executeNow, rollbackPromotion } from '@/lib/promotion'
import { defineJob } from './define-job'
import { retryJob } from './retry-job'
import { TOPICS, type Topic } from './topics'
import { createAuditWatch } from './watch-audit'
import { createOutboxWatch } from './watch-outbox'
import { createWorker } from './worker'

const fails = defineJob({
  kind: 'fails',
  means: 'test',
  payload: z.object({ ok: z.boolean() }),
  timeoutMs: 1_000,
  run: async (_scope, { ok }) => {
    if (!ok) throw new Error('no')
  },
})

const work = async (tenant: TestTenant, ok: boolean): Promise<string> => {
  const { id } = await tenant.scope.mutate({ event: 'config_change' }, (db) =>
    enqueue(db, { kind: 'fails', payload: { ok }, maxAttempts: 1 }),
  )
  const worker = createWorker({ jobs: [fails] })
  await worker.look()
  await worker.idle()
  return id
}

const WHY = { reason_code: 'hotfix', justification: 'production is down' } as const
const opened = async (tenant: TestTenant): Promise<string> => {
  const wish = { ...WHY, permissions: ['job:manage' as const], minutes: 1 }
  return (await openBreakGlass(tenant.as('release_manager'), wish)).receipt.id
}

const WHEN = { annotation: { key: 'test', value: 'test' } }
const promoted = async ({ scope }: TestTenant) => {
  await versionOf(scope, {}, { environment: 'dev' })
  return executeNow(scope, WORKSPACE, { source_env: 'dev', target_env: 'qa', ...WHEN })
}

// Who tells what: one producer per declared topic. A topic without one does not compile.
const PRODUCERS: Record<Topic, (tenant: TestTenant) => Promise<unknown>> = {
  'audit.appended': (tenant) => tenant.scope.mutate({ event: 'config_change' }, async () => undefined),
  'job.done': (tenant) => work(tenant, true),
  'job.dead': (tenant) => work(tenant, false),
  'job.changed': async (tenant) => retryJob(tenant.scope, await work(tenant, false)),
  'break_glass.opened': opened,
  'break_glass.closed': async (tenant) => closeBreakGlass(tenant.scope, await opened(tenant)),
  'receipt.acknowledged': async (tenant) => acknowledgeReceipt(tenant.scope, await opened(tenant), {}),
  'decision.pending': (tenant) => pendingDecision(tenant.scope),
  'decision.resolved': async (tenant) => resolveDecision(approver(tenant.id), await pendingDecision(tenant.scope), YES),
  'budget.threshold': async (tenant) => {
    await setBudget(tenant.scope, { scope: 'tenant', budget_usd: 0.000_001, alert_threshold: 0 })
    for (const budget of await tenant.scope.db.budget.findMany()) await tellBudget(tenant.scope, budget)
  },
  'promotion.executed': promoted,
  'promotion.changed': promoted,
  'promotion.rolled_back': async (tenant) =>
    rollbackPromotion(tenant.scope, WORKSPACE, (await promoted(tenant)).promotion.id, WHEN),
  'stream.reset': async (tenant) => {
    await tenant.scope.mutate({ event: 'config_change' }, (db) => emit(db, 'test.before', {}))
    await systemWrite(({ client }) => client.outboxEvent.deleteMany({ where: { tenantId: tenant.id } }))
  },
}

const isTopic = (name: string): name is Topic => Object.hasOwn(TOPICS, name)

describeEachDialect('every topic', (dialect) => {
  useKernel(dialect)

  it.each(Object.keys(TOPICS).filter(isTopic))('%s is told by its producer and heard by a listener', async (topic) => {
    const tenant = await newTenant()
    const [outbox, audit] = [await createOutboxWatch(), createAuditWatch()]
    const heard: string[] = []
    await PRODUCERS[topic](tenant)
    const after = topic === 'stream.reset' ? '1' : null
    const listening = followFrom(tenant.scope, after, (news) => void heard.push(news.topic))
    await listening.start()
    await outbox.look()
    await audit.look()
    listening.off()
    expect(heard).toContain(topic)
    expect(kernel().bus.count('event')).toBe(0)
  })
})
