import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { newAgent, newSigner, withKey } from '@/lib/core/testing/adapter-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { verifyBundle } from '@/lib/governance'
import { uuidv7 } from '@/lib/shared/id'
import { exportEvidence, ingestTrace } from './index'

const KEY = join(mkdtempSync(join(tmpdir(), 'clasper-evidence-')), 'key.pem')
writeFileSync(KEY, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }))

const textOf = async (reply: Response) => Buffer.from(await reply.arrayBuffer())
const codes = (bundle: Buffer) => verifyBundle(bundle).failures.map(({ code }) => code)

describeEachDialect('an export of evidence', (dialect) => {
  useKernel(dialect, { env: { CLASPER_AUDIT_KEY_PATH: KEY } })

  it('holds traces and agents under the signature, verifies offline, and shows every change', async () => {
    const tenant = await newTenant()
    const agent = await newAgent(tenant)
    await withKey(tenant, newSigner())
    const id = uuidv7(kernel().clock.now().getTime())
    const place = {
      tenant_id: tenant.id,
      workspace_id: 'default',
      adapter_id: 'coder',
      execution_id: 'run',
      trace_id: id,
    }
    const at = kernel().clock.now().toISOString()
    await ingestTrace(agent, { ...place, trace: { started_at: at, input: { message: 'canary-551' } } })
    const bundle = await textOf(await exportEvidence(tenant.scope, {}))
    expect(codes(bundle)).toEqual([])
    const text = gunzipSync(bundle).toString('latin1')
    for (const part of [
      'traces.jsonl',
      'adapters.json',
      id,
      '"adapter_id":"coder"',
      '"telemetry_keys":[{',
      'canary-551',
    ])
      expect(text).toContain(part)
    const changed = gzipSync(Buffer.from(text.replace('canary-551', 'canary-552'), 'latin1'))
    expect(codes(changed)).toContain('file_changed_traces.jsonl')
    const hidden = gunzipSync(await textOf(await exportEvidence(tenant.as('operator'), { trace_id: id }))).toString(
      'latin1',
    )
    expect(hidden).toContain(id)
    expect(hidden).not.toContain('canary-551')
    const elsewhere = gunzipSync(await textOf(await exportEvidence(tenant.scope, { workspace_id: 'other' })))
    const traces = elsewhere.toString('latin1').split('traces.jsonl')[1]?.slice(0, 2_000) ?? ''
    expect(traces).not.toContain('canary-551')
  })
})
