import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { uuidv7 } from '@/lib/shared/id'
import { OpsHealth } from './contract/health'
import { opsHealth } from './ops-health'
import { noteWorker } from './store'

const run = (tenant: TestTenant, status: string, minutesAgo = 1, workspaceId = 'default') => {
  const at = new Date(kernel().clock.now().getTime() - minutesAgo * 60_000)
  const id = uuidv7(at.getTime())
  const code = status === 'error' ? 'provider_error' : null
  const row = { tenantId: tenant.id, id, executionId: id, workspaceId, environment: 'default', kind: 'send' }
  const rest = { actor: 'key', status, startedAt: at, leaseUntil: at, errorCode: code }
  return kernel().db.writer.transaction(null, (tx) =>
    tx.client.trace.create({
      data: { ...row, ...rest, promptSource: 'workspace', provider: 'demo', model: 'clasper-demo' },
    }),
  )
}

const look = async (tenant: TestTenant, deep = false) =>
  OpsHealth.parse(await opsHealth(tenant.as('operator'), { deep }))

describeEachDialect('the health that operators see', (dialect) => {
  const folder = mkdtempSync(join(tmpdir(), 'clasper-health-'))
  useKernel(dialect, {
    env: {
      LLM_MODEL_DEFAULT: 'demo/clasper-demo',
      LLM_MODEL_FALLBACK: 'openai/gpt-4o-mini',
      CLASPER_WORKSPACE: folder,
      BACKEND_URL: 'http://127.0.0.1:9',
    },
  })
  beforeAll(() => noteWorker(kernel().clock.now()))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('names what is missing, and no key', async () => {
    const health = await look(await newTenant())
    expect(health).toMatchObject({
      status: 'degraded',
      worker: { status: 'ok' },
      database: { status: 'ok', engine: dialect },
      workspace: { status: 'missing', id: 'default', path: folder },
      models: {
        status: 'degraded',
        default: { is_demo: true, has_key: true, key_name: null },
        fallback: { is_demo: false, has_key: false, key_name: 'OPENAI_API_KEY' },
        cheap: null,
      },
      backend: { status: 'unchecked', url: 'http://127.0.0.1:9', contract: null },
      runs: { status: 'ok', total: 0, failed: 0, failures: [] },
    })
  })

  it('tells of files, cuts, and why a skill is off', async () => {
    writeFileSync(join(folder, 'SOUL.md'), 'x'.repeat(30_000))
    mkdirSync(join(folder, 'skills/needs-key'), { recursive: true })
    const front = 'name: needs-key\ndescription: d\nmetadata: {"openclaw":{"requires":{"env":["NO_SUCH_VARIABLE"]}}}'
    writeFileSync(join(folder, 'skills/needs-key/SKILL.md'), `---\n${front}\n---\nDo it.`)
    const { workspace, skills } = await look(await newTenant())
    expect(workspace.status).toBe('degraded')
    expect(workspace.files.find(({ name }) => name === 'SOUL.md')).toMatchObject({ state: 'cut', raw_chars: 30_000 })
    expect(workspace.files.find(({ name }) => name === 'AGENTS.md')).toMatchObject({ state: 'absent' })
    expect(skills).toMatchObject({
      enabled: 0,
      total: 1,
      off: [{ name: 'needs-key', reason: 'Missing env: NO_SUCH_VARIABLE' }],
    })
  })

  it('counts the runs of the last hour, of this tenant and within the fence', async () => {
    const [tenant, other] = [await newTenant(), await newTenant()]
    for (const status of ['success', 'success', 'cancelled', 'error', 'timeout']) await run(tenant, status)
    await run(tenant, 'error', 61)
    await run(tenant, 'error', 2, 'elsewhere')
    await run(other, 'error')
    const { runs } = await look(tenant)
    expect(runs).toMatchObject({ status: 'degraded', total: 6, failed: 3, is_capped: false })
    expect(runs.failures).toHaveLength(3)
    expect(runs.failures[2]).toMatchObject({ code: 'provider_error', status: 'error' })
    const fenced = scopeOf(identityOf(tenant.id, 'operator', { workspaceIds: ['elsewhere'] }))
    expect((await opsHealth(fenced, { deep: false })).runs).toMatchObject({ total: 1, failed: 1 })
  })

  it('a few failures among many runs are told, not an alarm', async () => {
    const tenant = await newTenant()
    for (let at = 0; at < 12; at++) await run(tenant, at === 0 ? 'error' : 'success')
    expect((await look(tenant)).runs).toMatchObject({ status: 'ok', total: 12, failed: 1 })
  })

  it('deep looks at the backend and says what it found', async () => {
    const { backend } = await look(await newTenant(), true)
    expect(backend).toMatchObject({
      status: 'error',
      error: 'does not accept connections',
      contract: { compatible: false, version: null, error: expect.any(String) },
    })
    expect(backend.checked_at).not.toBeNull()
  })
})
