import { expect, it } from 'vitest'
import { kernel } from './kernel'
import { enqueue } from './outbox'
import { readStatement, writeStatement } from './statement'
import { systemDb } from './system-db'
import { describeEachDialect } from './testing/database'
import { newTenant, twoTenants, useKernel } from './testing/kernel'

const countKeys = readStatement('SELECT count(*) AS n FROM "ServiceKey" WHERE "tenantId" = :tenant')

const addWorkspaces = writeStatement('test.workspaces', {
  sqlite: `INSERT INTO "Workspace" ("tenantId", "id", "name", "createdAt")
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.id'), json_extract(value, '$.name'), '2026-01-01T00:00:00.000+00:00'
    FROM json_each(:rows) WHERE json_extract(value, '$.name') <> 'refused' RETURNING "id", (SELECT 0) AS i`,
  postgresql: `INSERT INTO "Workspace" ("tenantId", "id", "name", "createdAt")
    SELECT r.tenant_id, r.id, r.name, timestamp '2026-01-01' FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, name text)
    WHERE r.name <> 'refused' RETURNING "id", 0 AS i`,
})

const key = (tenantId: string, id: string) => ({
  tenantId,
  id,
  name: id,
  prefix: 'p',
  keyHash: `${tenantId}/${id}`,
  allowedTenants: [],
  workspaceIds: [],
  scopes: ['read'],
  createdBy: 'test',
  createdAt: kernel().clock.now(),
})

describeEachDialect('scope', (dialect) => {
  useKernel(dialect)

  it('writes the change and its audit row in one transaction', async () => {
    const a = await newTenant()
    await a.scope.mutate({ event: 'config_change', entityId: 'k1', data: { kind: 'key.create' } }, (db) =>
      db.serviceKey.create({ data: key(a.id, 'k1') }),
    )
    expect(await a.lastAudit()).toMatchObject({ eventType: 'config_change', entityId: 'k1', seq: 1n })
    expect(await a.scope.db.serviceKey.count()).toBe(1)
    expect(await a.scope.rows(countKeys)).toEqual([{ n: 1 }])
  })

  it('leaves neither change nor audit row behind when the work throws', async () => {
    const a = await newTenant()
    const failing = a.scope.mutate({ event: 'config_change' }, async (db) => {
      await db.serviceKey.create({ data: key(a.id, 'k1') })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await a.scope.db.serviceKey.count()).toBe(0)
    expect(await a.audits()).toEqual([])
  })

  it('loses the change when the audit row cannot be written', async () => {
    const a = await newTenant()
    const failing = a.scope.mutate({ event: 'no_such_event' as never }, (db) =>
      db.serviceKey.create({ data: key(a.id, 'k1') }),
    )
    await expect(failing).rejects.toThrow()
    expect(await a.scope.db.serviceKey.count()).toBe(0)
  })

  it('never reads what is not committed, and never loses a write beside a rolled back one', async () => {
    const a = await newTenant()
    const seen: number[] = []
    const failing = a.scope.mutate({ event: 'config_change' }, async (db) => {
      await db.serviceKey.create({ data: key(a.id, 'dirty') })
      seen.push(await a.scope.db.serviceKey.count())
      throw new Error('rolled back')
    })
    const beside = a.scope.mutate({ event: 'config_change' }, (db) => db.serviceKey.create({ data: key(a.id, 'kept') }))
    await expect(failing).rejects.toThrow('rolled back')
    await beside
    expect(seen).toEqual([0])
    expect((await a.scope.db.serviceKey.findMany()).map((row) => row.id)).toEqual(['kept'])
  })

  it('keeps a tenant away from the rows of another', async () => {
    const [a, b] = await twoTenants()
    await a.scope.mutate({ event: 'config_change' }, (db) => db.serviceKey.create({ data: key(a.id, 'k') }))
    expect(await b.scope.db.serviceKey.findMany({ where: { OR: [{ tenantId: a.id }, { id: 'k' }] } })).toEqual([])
    expect(await b.scope.db.serviceKey.findUnique({ where: { tenantId_id: { tenantId: a.id, id: 'k' } } })).toBeNull()
    const steal = b.scope.mutate({ event: 'config_change' }, (db) =>
      db.serviceKey.update({ where: { tenantId_id: { tenantId: a.id, id: 'k' } }, data: { name: 'mine' } }),
    )
    await expect(steal).rejects.toMatchObject({ code: 'P2025' })
    const wipe = await b.scope.mutate({ event: 'config_change' }, (db) =>
      db.serviceKey.deleteMany({ where: { tenantId: a.id } }),
    )
    expect(wipe.count).toBe(0)
    await b.scope.mutate({ event: 'config_change' }, (db) => db.serviceKey.create({ data: key(a.id, 'forged') }))
    expect((await a.scope.db.serviceKey.findMany()).map((row) => row.id)).toEqual(['k'])
    expect((await b.scope.db.serviceKey.findMany()).map((row) => row.id)).toEqual(['forged'])
    const move = b.scope.mutate({ event: 'config_change' }, (db) =>
      db.serviceKey.updateMany({ data: { tenantId: a.id } }),
    )
    await expect(move).rejects.toThrow('never moves')
  })

  it('reads only through scope.db, and not through a transaction that is over', async () => {
    const a = await newTenant()
    const writing = a.scope.db as unknown as { serviceKey: { create: (args: object) => Promise<unknown> } }
    await expect(writing.serviceKey.create({ data: key(a.id, 'x') })).rejects.toThrow('only reads')
    const leaked: { db?: { serviceKey: { create: (args: object) => Promise<unknown> } } } = {}
    await a.scope.mutate({ event: 'config_change' }, async (db) => {
      leaked.db = db as never
    })
    await expect(leaked.db?.serviceKey.create({ data: key(a.id, 'late') })).rejects.toThrow('over')
    const raw = a.scope.db as unknown as { $queryRawUnsafe: (sql: string) => Promise<unknown> }
    await expect(async () => raw.$queryRawUnsafe('SELECT 1')).rejects.toThrow('Raw SQL')
    expect(await systemDb().serviceKey.count({ where: { tenantId: a.id } })).toBe(0)
  })

  it('enqueues jobs with the change, once per dedupe key', async () => {
    const a = await newTenant()
    for (let i = 0; i < 2; i++) {
      await a.scope.mutate({ event: 'config_change' }, (db) =>
        enqueue(db, { kind: 'x', payload: {}, dedupeKey: 'one' }),
      )
    }
    expect(await a.scope.db.job.count()).toBe(1)
  })

  it('takes commands in groups, numbers their audit rows and leaves no gap', async () => {
    const a = await newTenant()
    const before = kernel().db.writer.stats().groups
    await Promise.all(
      Array.from({ length: 64 }, (_, i) => a.scope.command({ audit: [{ event: 'config_change', entityId: `e${i}` }] })),
    )
    const seqs = (await a.audits()).map((row) => Number(row.seq))
    expect(seqs).toEqual(Array.from({ length: 64 }, (_, i) => i + 1))
    expect(kernel().db.writer.stats().groups - before).toBeLessThan(20)
  })

  it('a bad row fails alone and a refused guard writes nothing', async () => {
    const a = await newTenant()
    const add = (id: string, name: string) =>
      a.scope.command({
        audit: [{ event: 'workspace_change', entityId: id }],
        writes: [{ statement: addWorkspaces, rows: [{ id, name }], guard: true }],
      })
    const outcomes = await Promise.allSettled([
      add('w1', 'one'),
      add('w1', 'twice'),
      add('w2', 'refused'),
      add('w3', 'three'),
    ])
    expect(outcomes.map((o) => (o.status === 'fulfilled' ? o.value.applied : 'error'))).toEqual([
      true,
      'error',
      false,
      true,
    ])
    expect((await a.scope.db.workspace.findMany({ orderBy: { id: 'asc' } })).map((row) => row.id)).toEqual(['w1', 'w3'])
    expect((await a.audits()).map((row) => row.entityId)).toEqual(['w1', 'w3'])
  })

  it('refuses to write through a relation', async () => {
    const a = await newTenant()
    const nested = {
      tenantId: a.id,
      id: 'w',
      name: 'w',
      createdAt: kernel().clock.now(),
      tenant: { connect: { id: a.id } },
    }
    const refused = a.scope.mutate({ event: 'workspace_change' }, (db) =>
      db.workspace.create({ data: nested as never }),
    )
    await expect(refused).rejects.toThrow('no column')
  })

  it('keeps guarded and unguarded rows of one statement apart', async () => {
    const a = await newTenant()
    const add = (id: string, name: string, guard: boolean) =>
      a.scope.command({
        audit: [{ event: 'workspace_change', entityId: id }],
        writes: [{ statement: addWorkspaces, rows: [{ id, name }], guard }],
      })
    const [loose, guarded] = await Promise.all([add('g1', 'refused', false), add('g2', 'refused', true)])
    expect([loose?.applied, guarded?.applied]).toEqual([true, false])
    expect((await a.audits()).map((row) => row.entityId)).toEqual(['g1'])
  })

  it('shuts a transaction that took too long, and everything that still holds it', { timeout: 30_000 }, async () => {
    const a = await newTenant()
    const late: { write?: () => Promise<unknown>; run?: () => Promise<unknown> } = {}
    const gate: { open: () => void } = { open: () => undefined }
    const opened = new Promise<void>((resolve) => {
      gate.open = resolve
    })
    const slow = a.scope.mutate({ event: 'config_change' }, async (db) => {
      late.write = () => db.serviceKey.create({ data: key(a.id, 'late') })
      late.run = () => db.run(addWorkspaces, [{ id: 'late', name: 'late' }])
      await opened
    })
    await expect(slow).rejects.toThrow()
    await a.scope.mutate({ event: 'config_change' }, async () => {
      await expect(late.write?.()).rejects.toThrow()
      await expect(late.run?.()).rejects.toThrow()
    })
    gate.open()
    expect(await a.scope.db.serviceKey.count()).toBe(0)
    expect(await a.scope.db.workspace.count()).toBe(0)
    expect((await a.audits()).length).toBe(1)
  })

  it('reads through a connection that cannot write', async () => {
    const write = kernel().db.reader.tenant.create({
      data: { id: 'never', name: 'never', createdAt: kernel().clock.now() },
    })
    await expect(write).rejects.toThrow()
  })

  it('mixes mutations and commands without losing or repeating one', async () => {
    const a = await newTenant()
    const work = Array.from({ length: 200 }, (_, i) =>
      i % 2
        ? a.scope.command({ audit: [{ event: 'config_change' }] })
        : a.scope.mutate({ event: 'config_change' }, (db) => db.serviceKey.create({ data: key(a.id, `k${i}`) })),
    )
    await Promise.all(work)
    expect((await a.audits()).map((row) => Number(row.seq))).toEqual(Array.from({ length: 200 }, (_, i) => i + 1))
    expect(await a.scope.db.serviceKey.count()).toBe(100)
  })
})
