import { randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { leafHashOf } from '@/lib/core/audit/tree'
import { verifyConsistency, verifyInclusion } from '@/lib/core/audit/verify-proof'
import { fixedClock } from '@/lib/core/clock'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { uuidv7 } from '@/lib/shared/id'
import { AuditFilter, AuditPage, AuditStats } from './contract'
import {
  auditEntry,
  auditHead,
  auditStats,
  erasePayload,
  listAudit,
  proveConsistency,
  proveInclusion,
  sealAudit,
} from './index'

const folder = mkdtempSync(join(tmpdir(), 'clasper-list-'))
const clock = fixedClock(new Date('2026-05-01T10:30:00.000Z'))
const filter = (wanted: object = {}) => AuditFilter.parse(wanted)
const TRACE = uuidv7(1)

describeEachDialect('the audit log', (dialect) => {
  useKernel(dialect, { clock, env: { CLASPER_STATE_DIR: folder } })
  let tenant: TestTenant

  beforeAll(() => clock.set(new Date('2026-05-01T10:30:00.000Z')))

  const write = (event: 'config_change' | 'auth_success', i: number, over: object = {}) =>
    tenant.scope.command({ audit: [{ event, entityId: `entity-${i}`, data: { kind: 'seed', i }, ...over }] })

  beforeEach(async () => {
    clock.set(new Date('2026-05-01T10:30:00.000Z'))
    tenant = await newTenant('list')
    for (let i = 1; i <= 10; i++) {
      await write(i % 2 ? 'config_change' : 'auth_success', i, i > 8 ? { workspaceId: 'west', traceId: TRACE } : {})
      clock.advance(60_000)
    }
  })

  const seqs = async (wanted: object, scope = tenant.scope) =>
    (await listAudit(scope, filter(wanted))).entries.map(({ seq }) => seq)

  test('shows the newest first, with actor, user, request and payload', async () => {
    const page = AuditPage.parse(await listAudit(tenant.scope, filter({ limit: 2 })))
    expect(page).toMatchObject({ total: 10, total_exact: true, has_more: true, limit: 2, offset: 0 })
    expect(page.entries[0]).toMatchObject({
      id: 10,
      seq: 10,
      tenant_id: tenant.id,
      actor: tenant.scope.actor,
      user_id: tenant.scope.identity.userId,
      request_id: tenant.scope.requestId,
      event_type: 'auth_success',
      entity_id: 'entity-10',
      created_at: '2026-05-01T10:39:00.000Z',
      event_data: { kind: 'seed', i: 10, entity_id: 'entity-10', request_id: tenant.scope.requestId },
    })
  })

  test('cursor and offset walk the same pages', async () => {
    const walked: number[] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: AuditPage = await listAudit(tenant.scope, filter({ limit: 3, ...(cursor ? { cursor } : {}) }))
      walked.push(...page.entries.map(({ seq }) => seq))
      cursor = page.next_cursor
    }
    expect(walked).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    expect(await seqs({ limit: 3, offset: 3 })).toEqual([7, 6, 5])
    expect(AuditFilter.safeParse({ cursor: 'WzBd' }).success).toBe(false)
  })

  test.each([
    [{ event_type: 'config_change' }, [9, 7, 5, 3, 1]],
    [{ event_type: 'workspace.snapshot' }, []],
    [{ event_type: 'nonsense' }, []],
    [{ workspace_id: 'west' }, [10, 9]],
    [{ trace_id: TRACE }, [10, 9]],
    [{ entity_id: 'entity-4' }, [4]],
    [{ actor: 'user:nobody' }, []],
    [{ q: 'ENTITY-1' }, [10, 1]],
    [{ q: '%' }, []],
    [{ start_date: '2026-05-01T10:37:00.000Z' }, [10, 9, 8]],
    [{ start_date: '2026-05-01T12:32:00.000+02:00', end_date: '2026-05-01T10:34:00.000Z' }, [5, 4, 3]],
  ])('narrows by %j', async (wanted, expected) => {
    const page = await listAudit(tenant.scope, filter(wanted))
    expect(page.entries.map(({ seq }) => seq)).toEqual(expected)
    expect(page).toMatchObject({ total: expected.length, total_exact: true, has_more: false })
  })

  test('dotted names of earlier documentation find the same events', async () => {
    await tenant.scope.command({ audit: [{ event: 'agent_execution_failed' }] })
    expect(await seqs({ event_type: 'agent.error' })).toEqual([11])
  })

  test('another tenant sees nothing of it', async () => {
    const other = await newTenant('other')
    expect(await seqs({}, other.scope)).toEqual([])
    await expect(auditEntry(other.scope, 3)).rejects.toMatchObject({ code: 'not_found' })
    await expect(proveInclusion(other.scope, 3)).rejects.toMatchObject({ code: 'not_found' })
    await expect(erasePayload(other.scope, 3, 'it is not mine')).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a fence around workspaces holds', async () => {
    const fenced = scopeOf(identityOf(tenant.id, 'operator', { workspaceIds: ['west'] }))
    expect(await seqs({}, fenced)).toEqual([10, 9])
    expect((await auditEntry(fenced, 9)).entry.seq).toBe(9)
    await expect(auditEntry(fenced, 3)).rejects.toMatchObject({ code: 'not_found' })
    await expect(auditHead(fenced)).rejects.toMatchObject({ code: 'workspace_access_denied' })
  })

  test('service-wide events are for administrators', async () => {
    const admin = scopeOf(identityOf('system', 'admin'))
    await admin.command({ audit: [{ event: 'system_startup' }] })
    expect((await listAudit(admin, filter())).entries.length).toBeGreaterThan(0)
    const operator = scopeOf(identityOf('system', 'operator', { scopes: new Set(['read']) }))
    await expect(listAudit(operator, filter())).rejects.toMatchObject({ code: 'tenant_access_denied' })
  })

  test('counts', async () => {
    clock.set(new Date('2026-05-02T10:35:30.000Z'))
    const { stats } = AuditStats.parse(await auditStats(tenant.scope, {}))
    expect(stats).toEqual({
      total_entries: 10,
      entries_by_type: { config_change: 5, auth_success: 5 },
      entries_last_24h: 4,
      oldest_entry: '2026-05-01T10:30:00.000Z',
      newest_entry: '2026-05-01T10:39:00.000Z',
      by_hour: [{ hour: '2026-05-01T10:00:00.000Z', count: 4 }],
    })
    const part = await auditStats(tenant.scope, { end_date: '2026-05-01T10:31:00.000Z' })
    expect(part.stats).toMatchObject({ total_entries: 2, newest_entry: '2026-05-01T10:31:00.000Z' })
  })

  test('proofs verify against the root that the head shows', async () => {
    const head = await auditHead(tenant.scope)
    const proof = await proveInclusion(tenant.scope, 7)
    expect(proof).toMatchObject({ tree_size: 10, root_hash: head.root_hash, leaf_hash: leafHashOf(proof.canonical) })
    const claim = { leaf: proof.leaf_hash, index: proof.leaf_index, size: 10, proof: proof.path, root: head.root_hash }
    expect(verifyInclusion(claim)).toBe(true)
    const early = await proveInclusion(tenant.scope, 3, 5)
    const grown = await proveConsistency(tenant.scope, 5)
    expect(grown).toMatchObject({ from_size: 5, to_size: 10, from_root: early.root_hash, to_root: head.root_hash })
    const { from_root, to_root, path } = grown
    expect(verifyConsistency({ first: 5, second: 10, proof: path, firstRoot: from_root, secondRoot: to_root })).toBe(
      true,
    )
    await expect(proveInclusion(tenant.scope, 3, 11)).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(proveConsistency(tenant.scope, 8, 7)).rejects.toMatchObject({ code: 'invalid_request' })
  })

  test('one event explains itself and says what seals it', async () => {
    expect(await auditEntry(tenant.scope, 2)).toMatchObject({ proven: true, sealed_by: null })
    await sealAudit(tenant.scope)
    const detail = await auditEntry(tenant.scope, 2)
    expect(detail).toMatchObject({
      entry: { seq: 2, event_type: 'auth_success', erased_at: null },
      explanation: { group: 'access', means: 'Somebody signed in or out' },
      sealed_by: { size: 10, tenant_id: tenant.id },
    })
    await expect(auditEntry(tenant.scope, 99)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('erasing takes the payload, says who, and happens once', async () => {
    clock.set(new Date('2026-05-03T00:00:00.000Z'))
    const done = await erasePayload(tenant.scope, 4, 'a person asked for it')
    expect(done).toEqual({ status: 'ok', seq: 4, erased_at: '2026-05-03T00:00:00.000Z' })
    const { entry, proven } = await auditEntry(tenant.scope, 4)
    expect(entry).toMatchObject({ event_data: null, entity_id: null, request_id: null, erased_at: done.erased_at })
    expect(proven).toBe(true)
    expect(await tenant.lastAudit()).toMatchObject({ eventType: 'config_change', entityId: 'audit:4', seq: 11n })
    await expect(erasePayload(tenant.scope, 4, 'once more, please')).rejects.toMatchObject({ code: 'already_resolved' })
    await expect(erasePayload(tenant.scope, 11, 'and the record too')).rejects.toMatchObject({
      code: 'invalid_request',
    })
    expect(await tenant.audits()).toHaveLength(11)
  })

  test('whatever is searched for, nothing breaks', async () => {
    for (const q of ["'", '"', '\\', '!_%', 'ü', '🙂', randomUUID(), '; DROP TABLE'])
      expect(await seqs({ q })).toEqual([])
  })
})
