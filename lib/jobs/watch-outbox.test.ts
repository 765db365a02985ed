import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { emit, enqueue } from '@/lib/core/outbox'
import { systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { listen } from './listen'
import { createOutboxWatch } from './watch-outbox'

const offs: (() => unknown)[] = []
afterEach(async () => {
  for (const off of offs.splice(0)) await off()
})

const hear = () => {
  const heard: string[] = []
  offs.push(kernel().bus.on('event', ({ topic, payload }) => void heard.push(`${topic} ${JSON.stringify(payload)}`)))
  return heard
}

describeEachDialect('the outbox', (dialect) => {
  useKernel(dialect)

  it('tells what was committed, in order, once, and nothing that was rolled back', async () => {
    const tenant = await newTenant()
    const watch = await createOutboxWatch()
    const heard = hear()
    const tell = (n: number, fails = false) =>
      tenant.scope.mutate({ event: 'config_change' }, async (db) => {
        await emit(db, 'test.told', { n })
        if (fails) throw new Error('rolled back')
      })
    await tell(1)
    await tell(2, true).catch(() => undefined)
    await tell(3)
    await watch.look()
    await watch.look()
    expect(heard).toEqual(['test.told {"n":1}', 'test.told {"n":3}'])
  })

  it('begins with the present, and never uses a number again after a clean-up', async () => {
    const tenant = await newTenant()
    const tell = (n: number) => tenant.scope.mutate({ event: 'config_change' }, (db) => emit(db, 'test.cleaned', { n }))
    await tell(1)
    const watch = await createOutboxWatch()
    const heard = hear()
    await systemWrite(({ client }) => client.outboxEvent.deleteMany())
    await tell(2)
    await watch.look()
    expect(heard).toEqual(['test.cleaned {"n":2}'])
  })

  it('reads more than one batch', async () => {
    const tenant = await newTenant()
    const watch = await createOutboxWatch()
    const heard = hear()
    await systemWrite(({ client }) =>
      client.outboxEvent.createMany({
        data: Array.from({ length: 1_200 }, (_, n) => ({
          tenantId: tenant.id,
          topic: 'test.many',
          payload: { n },
          createdAt: kernel().clock.now(),
        })),
      }),
    )
    while (await watch.look());
    expect(heard).toHaveLength(1_200)
    expect(heard.at(-1)).toBe('test.many {"n":1199}')
  })
})

describe('on PostgreSQL', () => {
  useKernel('postgresql')

  it('a transaction that commits late is told late, but it is told', async () => {
    const tenant = await newTenant()
    const slow = new pg.Client({ connectionString: kernel().db.url })
    await slow.connect()
    offs.push(() => slow.end())
    const watch = await createOutboxWatch()
    const heard = hear()
    await slow.query('BEGIN')
    await slow.query(
      `INSERT INTO "OutboxEvent" ("tenantId", "topic", "payload", "createdAt") VALUES ('${tenant.id}', 'test.slow', '{}', now())`,
    )
    await tenant.scope.mutate({ event: 'config_change' }, (db) => emit(db, 'test.quick', {}))
    await watch.look()
    expect(heard).toEqual(['test.quick {}'])
    const restarted = await createOutboxWatch()
    await slow.query('COMMIT')
    await watch.look()
    await watch.look()
    expect(heard).toEqual(['test.quick {}', 'test.slow {}'])
    await restarted.look()
    expect(heard.at(-1)).toBe('test.slow {}')
  })

  it('jobs and events wake who listens, also after the connection broke', async () => {
    const tenant = await newTenant()
    const wakes = { jobs: 0, events: 0 }
    const ear = listen(kernel().db.url, { onJob: () => wakes.jobs++, onEvent: () => wakes.events++ })
    offs.push(() => ear.stop())
    await expect.poll(() => ear.isOpen()).toBe(true)
    const put = () =>
      tenant.scope.mutate({ event: 'config_change' }, async (db) => {
        await enqueue(db, { kind: 'x', payload: {} })
        await emit(db, 'test.heard', {})
      })
    const before = { ...wakes }
    await put()
    await expect.poll(() => wakes).toEqual({ jobs: before.jobs + 1, events: before.events + 1 })
    const killer = new pg.Client({ connectionString: kernel().db.url })
    await killer.connect()
    await killer.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'clasper-listen'
      AND datname = current_database()`)
    await killer.end()
    // Whoever was deaf for a while looks at once.
    await expect.poll(() => wakes.jobs, { timeout: 5_000 }).toBe(before.jobs + 2)
    const between = { ...wakes }
    await put()
    await expect.poll(() => wakes).toEqual({ jobs: between.jobs + 1, events: between.events + 1 })
  })
})
