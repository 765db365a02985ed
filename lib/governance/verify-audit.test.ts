import { randomUUID } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { openRaw, type RawDatabase } from '@/lib/core/testing/raw-database'
import { disarm, rewriteAndRechain } from '@/lib/core/testing/tamper'
import { erasePayload, sealAudit, verifyAudit } from './index'

const folder = mkdtempSync(join(tmpdir(), 'clasper-verify-'))
const checkpoints = join(folder, 'checkpoints.txt')

const write = (tenant: TestTenant, count: number) =>
  tenant.scope.command({
    audit: Array.from({ length: count }, (_, i) => ({
      event: 'config_change' as const,
      entityId: `entity-${i}`,
      data: { kind: 'seed', i },
    })),
  })

describeEachDialect('verification', (dialect) => {
  useKernel(dialect, { env: { CLASPER_STATE_DIR: folder, CLASPER_CHECKPOINT_FILE: checkpoints } })
  let raw: RawDatabase
  let tenant: TestTenant
  let at: string

  beforeAll(async () => {
    raw = openRaw({ dialect, url: kernel().db.url, close: async () => undefined })
    await disarm(raw, dialect)
  })
  afterAll(() => raw.close())
  beforeEach(async () => {
    tenant = await newTenant(randomUUID().slice(0, 8))
    at = `"tenantId" = '${tenant.id}'`
    await write(tenant, 12)
    await sealAudit(tenant.scope)
    await write(tenant, 8)
  })

  const codes = async () => (await verifyAudit(tenant.scope)).failures.map(({ code }) => code)

  test('an untouched log is whole', async () => {
    expect(await verifyAudit(tenant.scope)).toMatchObject({
      ok: true,
      checked: 20,
      payloads_checked: 20,
      payloads_erased: 0,
      size: 20,
      checkpoints_checked: 2,
      failures: [],
    })
  })

  const COLUMNS = ['eventType', 'actor', 'userId', 'workspaceId', 'traceId', 'prevEventHash', 'eventHash', 'canonical']
  test.each(COLUMNS)('a changed %s is named', async (column) => {
    await raw.exec(`UPDATE "AuditEntry" SET "${column}" = 'forged' WHERE ${at} AND "seq" = 7`)
    expect(await codes()).toContain('seq_7_hash_mismatch')
  })

  test('a changed time, leaf, hash version and search column are named', async () => {
    await raw.exec(`UPDATE "AuditEntry" SET "createdAt" = '2020-01-01T00:00:00.000+00:00' WHERE ${at} AND "seq" = 3`)
    await raw.exec(`UPDATE "AuditEntry" SET "hashVersion" = 1 WHERE ${at} AND "seq" = 4`)
    await raw.exec(`UPDATE "AuditEntry" SET "entityId" = 'another' WHERE ${at} AND "seq" = 5`)
    await raw.exec(`UPDATE "AuditEntry" SET "requestId" = NULL WHERE ${at} AND "seq" = 6`)
    expect(await codes()).toEqual([
      'seq_3_hash_mismatch',
      'seq_4_hash_mismatch',
      'seq_5_columns_mismatch',
      'seq_6_columns_mismatch',
    ])
  })

  test('a changed leaf breaks the tree as well', async () => {
    await raw.exec(`UPDATE "AuditEntry" SET "leafHash" = '${'0'.repeat(64)}' WHERE ${at} AND "seq" = 8`)
    const found = await codes()
    expect(found).toContain('seq_8_leaf_mismatch')
    expect(found).toContain('checkpoint_mismatch')
  })

  test('an event whose own hash was made to fit betrays itself at the next one', async () => {
    await raw.exec(`UPDATE "AuditEntry" SET "eventHash" = 'sha256:${'1'.repeat(64)}' WHERE ${at} AND "seq" = 7`)
    expect(await codes()).toEqual(['seq_7_hash_mismatch', 'seq_8_prev_hash_mismatch'])
  })

  test('a deleted event is named, and nothing else', async () => {
    await raw.exec(`DELETE FROM "AuditEntry" WHERE ${at} AND "seq" IN (5, 6)`)
    expect(await codes()).toEqual(['seq_5_missing', 'seq_6_missing'])
  })

  test('a deleted payload, a changed one and a changed salt are named', async () => {
    await raw.exec(`DELETE FROM "AuditPayload" WHERE ${at} AND "seq" = 2`)
    await raw.exec(`UPDATE "AuditPayload" SET "data" = '{"i":1}' WHERE ${at} AND "seq" = 3`)
    await raw.exec(`UPDATE "AuditPayload" SET "salt" = '00' WHERE ${at} AND "seq" = 4`)
    expect(await codes()).toEqual(['seq_2_payload_missing', 'seq_3_payload_mismatch', 'seq_4_payload_mismatch'])
  })

  test('a changed or deleted node of the tree is named', async () => {
    await raw.exec(`UPDATE "AuditNode" SET "hash" = 'x' WHERE ${at} AND "level" = 2 AND "index" = 1`)
    await raw.exec(`DELETE FROM "AuditNode" WHERE ${at} AND "level" = 1 AND "index" = 0`)
    expect(await codes()).toEqual(['node_1_0_missing', 'node_2_1_mismatch'])
  })

  test.each([1, 8, 20])('a tail of %i events cut off is found, with the head left as it was', async (cut) => {
    await raw.exec(`DELETE FROM "AuditEntry" WHERE ${at} AND "seq" > ${20 - cut}`)
    expect(await codes()).toEqual(['tail_truncated'])
  })

  test('a tail cut off with the head made to fit is found by the checkpoint', async () => {
    await raw.exec(
      `DELETE FROM "AuditEntry" WHERE ${at} AND "seq" > 11; DELETE FROM "AuditPayload" WHERE ${at} AND "seq" > 11`,
    )
    await rewriteAndRechain(raw, tenant.id, 0, '')
    expect(await codes()).toEqual(['tail_truncated'])
  })

  test('a log rewritten and chained again is found by the checkpoint', async () => {
    await rewriteAndRechain(raw, tenant.id, 7, 'user:innocent')
    const { failures } = await verifyAudit(tenant.scope)
    expect(failures.map(({ code }) => code)).toEqual(['checkpoint_mismatch', 'checkpoint_mismatch'])
    expect(failures.map(({ message }) => message).join()).toMatch(/database.*checkpoint file/)
  })

  test('without the checkpoints in the database the file outside still tells', async () => {
    await rewriteAndRechain(raw, tenant.id, 7, 'user:innocent')
    await raw.exec(`DELETE FROM "AuditCheckpoint" WHERE ${at}`)
    expect(await codes()).toEqual(['checkpoint_mismatch'])
    await raw.exec(`DELETE FROM "AuditEntry" WHERE ${at}; DELETE FROM "AuditHead" WHERE ${at}`)
    await raw.exec(`DELETE FROM "AuditNode" WHERE ${at}; DELETE FROM "AuditPayload" WHERE ${at}`)
    expect(await codes()).toEqual(['tail_truncated'])
  })

  test('a forged checkpoint does not carry our signature', async () => {
    await rewriteAndRechain(raw, tenant.id, 7, 'user:innocent')
    const [root] = await raw.rows(`SELECT "rootHash" AS root FROM "AuditHead" WHERE ${at}`)
    await raw.exec(`UPDATE "AuditCheckpoint" SET "rootHash" = '${String(root?.['root'])}' WHERE ${at}`)
    expect(await codes()).toContain('checkpoint_signature_invalid')
  })

  test.each([
    ['headHash', `sha256:${'0'.repeat(64)}`, /last event/],
    ['keyId', '00000000', /key/],
  ])('a changed %s of a checkpoint is named, though its note is ours', async (column, forged, why) => {
    await raw.exec(`UPDATE "AuditCheckpoint" SET "${column}" = '${forged}' WHERE ${at}`)
    const { ok, failures } = await verifyAudit(tenant.scope)
    expect([ok, failures]).toMatchObject([false, [{ code: 'checkpoint_mismatch', seq: 12 }]])
    expect(failures[0]?.message).toMatch(why)
  })

  test('a rewritten log is not sealed again', async () => {
    await rewriteAndRechain(raw, tenant.id, 7, 'user:innocent')
    await expect(sealAudit(tenant.scope)).rejects.toMatchObject({ code: 'internal_error' })
  })

  test('a head that claims less than there is, or another root, is named', async () => {
    await raw.exec(`UPDATE "AuditHead" SET "rootHash" = 'x' WHERE ${at}`)
    expect(await codes()).toEqual(['head_mismatch'])
    await raw.exec(`UPDATE "AuditHead" SET "size" = 18 WHERE ${at}`)
    expect(await codes()).toEqual(['head_mismatch'])
  })

  test('an erased payload leaves every proof whole, and who erased it is on record', async () => {
    await erasePayload(tenant.scope, 4, 'a person asked for it')
    expect(await verifyAudit(tenant.scope)).toMatchObject({ ok: true, checked: 21, payloads_erased: 1 })
    await raw.exec(
      `UPDATE "AuditPayload" SET "data" = '', "salt" = '', "erasedAt" = '2026-01-01T00:00:00.000+00:00' WHERE ${at} AND "seq" = 9`,
    )
    await raw.exec(`UPDATE "AuditEntry" SET "entityId" = NULL, "requestId" = NULL WHERE ${at} AND "seq" = 9`)
    expect(await codes()).toEqual(['seq_9_erased_without_record'])
  })

  test('one tenant is not judged by what happens to another', async () => {
    const other = await newTenant('other')
    await write(other, 3)
    await raw.exec(`DELETE FROM "AuditEntry" WHERE "tenantId" = '${other.id}' AND "seq" = 2`)
    expect((await verifyAudit(tenant.scope)).ok).toBe(true)
    expect((await verifyAudit(other.scope)).ok).toBe(false)
  })
})

describe('the checkpoint file', () => {
  test('may hold what is not a checkpoint', async () => {
    writeFileSync(checkpoints, 'somebody wrote a remark here\n')
    const { notesInFile } = await import('./anchors')
    expect(notesInFile(checkpoints, 'clasper/x')).toEqual([])
  })
})
