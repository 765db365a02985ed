import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { installKernel, kernel } from '@/lib/core/kernel'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, testKernel, useKernel } from '@/lib/core/testing/kernel'
import { openRaw, type RawDatabase } from '@/lib/core/testing/raw-database'
import { disarm, rewriteAndRechain } from '@/lib/core/testing/tamper'
import { erasePayload, exportBundle, exportChain, sealAudit, verifyBundle } from './index'
import { notesIn } from './signed-note'
import { untar } from './tar'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'clasper-export-test-'))
const clock = fixedClock(new Date('2026-03-01T00:00:00.000Z'))

const write = (tenant: TestTenant, count: number) =>
  tenant.scope.command({
    audit: Array.from({ length: count }, (_, i) => ({
      event: 'config_change' as const,
      entityId: `entity-${i}`,
      data: { kind: 'seed', i, text: 'Grüße \u{1f600} "quoted"' },
    })),
  })

const bytesOf = async (reply: Response): Promise<Buffer> => Buffer.from(await reply.arrayBuffer())

type Verdict = { ok: boolean; codes: string[] }

// The product's own verifier and the file for everybody must say the same.
const judge = async (bundle: Buffer, note = ''): Promise<Verdict> => {
  const [file, notes] = [join(folder, `${randomUUID()}.tar.gz`), join(folder, `${randomUUID()}.txt`)]
  writeFileSync(file, bundle)
  writeFileSync(notes, note)
  const report = verifyBundle(bundle, { notes: notesIn(note) })
  const args = ['public/verify-audit.mjs', file, '--checkpoint', notes]
  const alone = await run(process.execPath, args).catch((error: { stdout: string }) => error)
  const codes = [...alone.stdout.matchAll(/^FAILED (\S+)$/gm)].map(([, code]) => code ?? '')
  expect(new Set(codes)).toEqual(new Set(report.failures.map(({ code }) => code)))
  expect(/^OK$/m.test(alone.stdout)).toBe(report.ok)
  return { ok: report.ok, codes: [...new Set(codes)] }
}

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describeEachDialect('an export', (dialect) => {
  useKernel(dialect, { clock, env: { CLASPER_STATE_DIR: folder } })
  let raw: RawDatabase
  beforeAll(() => {
    raw = openRaw({ dialect, url: kernel().db.url, close: async () => undefined })
  })
  afterAll(() => raw.close())

  const logOf = async (count = 21) => {
    const tenant = await newTenant('export')
    await write(tenant, count)
    return tenant
  }

  test('verifies, with an erased payload too, and is on record', async () => {
    const tenant = await logOf()
    await erasePayload(tenant.scope, 3, 'a person asked for it')
    const bundle = await bytesOf(await exportBundle(tenant.scope, {}))
    expect(await judge(bundle)).toEqual({ ok: true, codes: [] })
    expect(verifyBundle(bundle)).toMatchObject({ checked: 22, payloads_erased: 1, checkpoints_checked: 1 })
    expect(await tenant.lastAudit()).toMatchObject({ eventType: 'export_created', seq: 23n })
    expect([...untar(gunzipSync(bundle)).keys()]).toEqual([
      'metadata.json',
      'audits.jsonl',
      'audit_chain.jsonl',
      'checkpoints.jsonl',
      'public_keys.json',
      'integrity.json',
      'verify.sha256',
    ])
  })

  test('an empty log can be exported', async () => {
    const tenant = await newTenant('empty')
    expect(await judge(await bytesOf(await exportBundle(tenant.scope, {})))).toEqual({ ok: true, codes: [] })
  })

  test('a part of the log leads to the signed root of all of it', async () => {
    const tenant = await newTenant('part')
    for (let day = 1; day <= 9; day++) {
      clock.set(new Date(`2026-04-0${day}T12:00:00.000Z`))
      await write(tenant, 5)
    }
    const wanted = { start_date: '2026-04-03T00:00:00.000Z', end_date: '2026-04-06T00:00:00.000Z' }
    const bundle = await bytesOf(await exportBundle(tenant.scope, wanted))
    expect(verifyBundle(bundle)).toMatchObject({ ok: true, first_seq: 11, last_seq: 25, checked: 15 })
    expect(await judge(bundle)).toEqual({ ok: true, codes: [] })
  })

  test('a single changed byte in any file is found', async () => {
    const tenant = await logOf(5)
    const bundle = gunzipSync(await bytesOf(await exportBundle(tenant.scope, {})))
    for (const [name, content] of untar(bundle)) {
      if (name === 'verify.sha256') continue
      const at =
        content.byteOffset - bundle.byteOffset + content.indexOf(name === 'integrity.json' ? '"ok": true' : '"') + 7
      const forged = Buffer.from(bundle)
      forged[at] = (forged[at] ?? 0) ^ 1
      const report = await Promise.resolve()
        .then(() => verifyBundle(gzipSync(forged)))
        .catch(() => ({ ok: false }))
      expect({ name, ok: report.ok }).toEqual({ name, ok: false })
    }
  })

  test('verify.sha256 is what sha256sum reads', async () => {
    const tenant = await logOf(2)
    const files = untar(gunzipSync(await bytesOf(await exportBundle(tenant.scope, {}))))
    const at = mkdtempSync(join(folder, 'files-'))
    for (const [name, content] of files) writeFileSync(join(at, name), content)
    const { stdout } = await run('sha256sum', ['-c', 'verify.sha256'], { cwd: at })
    expect(stdout.match(/: OK$/gm)).toHaveLength(6)
  })

  test('another tenant, another key', async () => {
    const tenant = await logOf(3)
    const bundle = await bytesOf(await exportBundle(tenant.scope, {}))
    const { generateKeyPairSync } = await import('node:crypto')
    const report = verifyBundle(bundle, { key: generateKeyPairSync('ed25519').publicKey })
    expect(report.failures.map(({ code }) => code)).toEqual([
      'bundle_signature_invalid',
      'checkpoint_signature_invalid',
    ])
  })

  test('whoever is limited to workspaces exports nothing', async () => {
    const tenant = await logOf(1)
    const fenced = scopeOf(identityOf(tenant.id, 'operator', { workspaceIds: ['w'] }))
    await expect(exportBundle(fenced, {})).rejects.toMatchObject({ code: 'workspace_access_denied' })
    await expect(exportChain(fenced)).rejects.toMatchObject({ code: 'workspace_access_denied' })
  })

  test('the chain as JSON carries its verification', async () => {
    const tenant = await logOf(4)
    const reply = await exportChain(tenant.scope)
    expect(reply).toMatchObject({ tenant_id: tenant.id, verification: { ok: true, failures: [] } })
    expect(reply.chain.map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
  })

  describe('of a log that was tampered with', () => {
    beforeAll(() => disarm(raw, dialect))

    const tampered = async (attack: (tenant: TestTenant, at: string) => Promise<void>): Promise<Verdict> => {
      const tenant = await logOf()
      const sealed = await sealAudit(tenant.scope)
      await write(tenant, 5)
      const at = `"tenantId" = '${tenant.id}'`
      await attack(tenant, at)
      await raw.exec(`DELETE FROM "AuditCheckpoint" WHERE ${at}`)
      return judge(await bytesOf(await exportBundle(tenant.scope, {})), sealed?.checkpoint.note)
    }

    test('an edit is named', async () => {
      const verdict = await tampered((_, at) =>
        raw.exec(`UPDATE "AuditEntry" SET "actor" = 'x' WHERE ${at} AND "seq" = 7`),
      )
      expect(verdict).toEqual({ ok: false, codes: ['seq_7_hash_mismatch'] })
    })

    test('an edited payload is named', async () => {
      const verdict = await tampered((_, at) =>
        raw.exec(`UPDATE "AuditPayload" SET "data" = '{}' WHERE ${at} AND "seq" = 7`),
      )
      expect(verdict.codes).toEqual(['seq_7_payload_mismatch'])
    })

    test('a deletion is named', async () => {
      const verdict = await tampered((_, at) => raw.exec(`DELETE FROM "AuditEntry" WHERE ${at} AND "seq" = 7`))
      expect(verdict).toEqual({ ok: false, codes: ['seq_7_missing'] })
    })

    test('a cut tail is named', async () => {
      const verdict = await tampered(async (tenant, at) => {
        await raw.exec(
          `DELETE FROM "AuditEntry" WHERE ${at} AND "seq" > 15; DELETE FROM "AuditPayload" WHERE ${at} AND "seq" > 15`,
        )
        await rewriteAndRechain(raw, tenant.id, 0, '')
      })
      expect(verdict).toEqual({ ok: false, codes: ['tail_truncated'] })
    })

    test('a log rewritten and chained again is named', async () => {
      const verdict = await tampered((tenant) => rewriteAndRechain(raw, tenant.id, 7, 'user:innocent'))
      expect(verdict).toEqual({ ok: false, codes: ['checkpoint_mismatch'] })
    })
  })
})

describe('the verifier for everybody', () => {
  test('is short and needs nothing but Node', () => {
    const source = readFileSync('public/verify-audit.mjs', 'utf8')
    expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(150)
    expect([...source.matchAll(/from '([^']+)'/g)].map(([, name]) => name)).toEqual([
      'node:crypto',
      'node:fs',
      'node:zlib',
    ])
    expect(source).not.toMatch(/import\(|require\(/)
  })
})

describe('signing', () => {
  test('enforce without a key refuses to export', async () => {
    const before = kernel()
    const env = { NODE_ENV: 'production', CLASPER_EXPORT_SIGNING_MODE: 'enforce' }
    installKernel(testKernel('file:/nowhere.db', { env }))
    const scope = scopeOf(identityOf('t'))
    await expect(exportBundle(scope, {})).rejects.toMatchObject({ code: 'not_configured' })
    installKernel(before)
  })

  test('the generated key is readable by its owner alone', async () => {
    const { statSync } = await import('node:fs')
    expect(statSync(join(folder, 'audit-key.pem')).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(folder, 'audit-key.pem'), 'utf8')).toContain('PRIVATE KEY')
  })
})
