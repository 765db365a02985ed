import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { auditHead, exportBundle, sealAudit } from '@/lib/governance'
import { UsageError } from '../command'
import { audit } from './audit'

const folder = mkdtempSync(join(tmpdir(), 'clasper-audit-cli-'))

const call = async (...args: string[]) => {
  const lines: string[] = []
  const say = (line: string) => void lines.push(line)
  return { code: await audit.run(args, { out: say, err: say, cwd: folder }), text: lines.join('\n') }
}

describe('clasper audit', () => {
  useKernel('sqlite', { env: { CLASPER_STATE_DIR: folder } })

  test('verify says what it found and ends with it', async () => {
    const tenant = await newTenant('cli')
    await tenant.scope.command({ audit: [{ event: 'auth_success' }, { event: 'auth_success' }] })
    const sealed = await sealAudit(tenant.scope)
    const bundle = Buffer.from(await (await exportBundle(tenant.scope, {})).arrayBuffer())
    writeFileSync(join(folder, 'bundle.tar.gz'), bundle)
    writeFileSync(join(folder, 'notes.txt'), sealed?.checkpoint.note ?? '')
    const { public_key: key } = await auditHead(tenant.scope)

    const good = await call('verify', 'bundle.tar.gz', '--checkpoint', 'notes.txt', '--key', key ?? '')
    expect(good).toMatchObject({ code: 0 })
    expect(good.text).toMatch(/2 checked[\s\S]*checkpoints: 2; key: given[\s\S]*OK$/)
    const json = await call('verify', 'bundle.tar.gz', '--json')
    expect(JSON.parse(json.text)).toMatchObject({ ok: true, tenant_id: tenant.id, key: 'from the bundle' })
    writeFileSync(join(folder, 'broken.tar.gz'), bundle.subarray(0, 100))
    expect(await call('verify', 'broken.tar.gz')).toMatchObject({ code: 1 })
    expect(await call('verify', 'nowhere.tar.gz')).toMatchObject({ code: 1 })
  })

  test('a wrong command line is a usage error', async () => {
    await expect(call('verify')).rejects.toThrow(UsageError)
    await expect(call('burn', 'x')).rejects.toThrow(UsageError)
  })
})
