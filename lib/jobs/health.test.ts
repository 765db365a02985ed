import { execFileSync } from 'node:child_process'
import { beforeAll, expect, it } from 'vitest'
import * as version from '@/app/(api)/api/version/route'
import * as health from '@/app/(api)/health/route'
import * as livez from '@/app/(api)/livez/route'
import * as metrics from '@/app/(api)/metrics/route'
import * as openapi from '@/app/(api)/openapi.json/route'
import * as readyz from '@/app/(api)/readyz/route'
import { findPromtool } from '@/lib/cli/tasks/tools'
import { installKernel, kernel } from '@/lib/core/kernel'
import { enqueue } from '@/lib/core/outbox'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect, emptyDatabase } from '@/lib/core/testing/database'
import { newTenant, testKernel, useKernel } from '@/lib/core/testing/kernel'
import { noteWorker } from './store'

const KEY = 'daemon-key-of-the-tests'
// The discard port: nobody listens there.
const NOBODY = 'http://127.0.0.1:9'

type Handler = (request: Request) => Promise<Response>
const ask = async (handler: Handler, path: string, headers: Record<string, string> = {}) => {
  const reply = await handler(new Request(`http://127.0.0.1${path}`, { headers }))
  return { status: reply.status, headers: reply.headers, text: await reply.text() }
}
const json = async (handler: Handler, path: string, headers: Record<string, string> = {}) => {
  const { status, text } = await ask(handler, path, headers)
  return { status, body: JSON.parse(text) as Record<string, unknown> }
}
const key = { 'x-agent-daemon-key': KEY }

describeEachDialect('what an instance says of itself', (dialect) => {
  useKernel(dialect, {
    env: {
      AGENT_DAEMON_API_KEY: KEY,
      CLASPER_DB_PATH: './secret-place.db',
      CLASPER_WORKSPACE: './workspace-template',
      CLASPER_DEFAULT_TASK: 'Inbox',
      LLM_MODEL_DEFAULT: 'demo/clasper-demo',
      BACKEND_URL: NOBODY,
    },
  })
  beforeAll(() => noteWorker(kernel().clock.now()))

  it('health tells strangers the states and nothing else', async () => {
    const { status, body } = await json(health.GET, '/health')
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'ok', database: { status: 'ok' }, worker: { status: 'ok' } })
    const keysOf = (part: unknown) => Object.keys(part as object)
    const parts = ['database', 'worker', 'workspace', 'models', 'backend']
    expect(parts.flatMap((part) => keysOf(body[part]))).toEqual(Array(parts.length).fill('status'))
    for (const part of ['config', 'skills', 'instance']) expect(body).not.toHaveProperty(part)
    const wrong = await json(health.GET, '/health', { 'x-agent-daemon-key': 'guess' })
    expect(wrong).toMatchObject({ status: 200, body: { status: 'ok', backend: { status: 'unchecked' } } })
    expect(wrong.body).not.toHaveProperty('config')
  })

  it('deep health asks the backend; strangers hear the state, keys also why', async () => {
    const stranger = await json(health.GET, '/health?deep=true')
    expect(stranger).toMatchObject({ status: 200, body: { status: 'degraded' } })
    expect(stranger.body['backend']).toEqual({ status: 'error' })
    expect((await json(health.GET, '/health?deep=true', key)).body['backend']).toEqual({
      status: 'error',
      url: NOBODY,
      error: 'does not accept connections',
    })
  })

  it('health tells a key more, in both spellings, and no absolute path', async () => {
    const { body } = await json(health.GET, '/health', key)
    expect(body).toMatchObject({
      database: { engine: dialect },
      config: {
        port: 8081,
        default_task: 'Inbox',
        defaultTask: 'Inbox',
        model: 'demo/clasper-demo',
        fallback_model: '(not set)',
        fallbackModel: '(not set)',
      },
      workspace: {
        status: 'ok',
        path: './workspace-template',
        max_chars_per_file: 20_000,
        maxCharsPerFile: 20_000,
        boot_complete: false,
      },
      skills: { enabled: expect.any(Number), total: expect.any(Number) },
      models: { status: 'ok', default: { provider: 'demo', is_demo: true, has_key: true }, fallback: null },
      backend: { status: 'unchecked', url: NOBODY },
      instance: { id: kernel().id },
    })
    expect(JSON.stringify(body)).not.toContain(process.cwd())
    expect(JSON.stringify(body)).not.toContain('secret-place')
    expect('path' in (body['database'] as object)).toBe(dialect === 'sqlite')
  })

  it('health notices that nobody works', async () => {
    const longAgo = new Date(kernel().clock.now().getTime() - 120_000)
    await noteWorker(longAgo)
    expect((await json(health.GET, '/health')).body).toMatchObject({
      status: 'degraded',
      worker: { status: 'degraded' },
    })
    await noteWorker(kernel().clock.now())
  })

  it('livez, readyz, version and the API description answer everybody', async () => {
    expect(await json(livez.GET, '/livez')).toEqual({ status: 200, body: { status: 'ok' } })
    expect(await json(readyz.GET, '/readyz')).toMatchObject({
      status: 200,
      body: { status: 'ok', checks: { database: 'ok', migrations: 'ok', accepting: 'ok' } },
    })
    expect(await json(version.GET, '/api/version')).toMatchObject({
      status: 200,
      body: { name: 'Clasper', contract_version: '1.1.0', contractVersion: '1.1.0' },
    })
    expect((await json(openapi.GET, '/openapi.json')).body).toMatchObject({ openapi: '3.1.0' })
  })

  it('metrics need a key and pass the linter of Prometheus', async () => {
    expect((await ask(metrics.GET, '/metrics')).status).toBe(401)
    const tenant = await newTenant()
    await tenant.scope.mutate({ event: 'config_change' }, (db) => enqueue(db, { kind: 'x', payload: {} }))
    const { status, text, headers } = await ask(metrics.GET, '/metrics', key)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('text/plain')
    expect(text).toMatch(/^clasper_jobs_by_state\{state="queued"\} [1-9]/m)
    expect(text).toMatch(/^clasper_writer_mutations_total [1-9]/m)
    expect(text).toMatch(/^clasper_build_info\{version="[\d.]+",node="[\d.]+"\} 1$/m)
    const promtool = findPromtool()
    if (!promtool) throw new Error('promtool is missing: run make setup, or install the Debian package prometheus')
    expect(execFileSync(promtool, ['check', 'metrics'], { input: text, encoding: 'utf8' })).toBe('')
  })

  it('readyz refuses while the database lacks a migration', async () => {
    const whole = kernel()
    const empty = await emptyDatabase(dialect)
    const bare = installKernel(testKernel(empty.url))
    expect(await json(readyz.GET, '/readyz')).toMatchObject({
      status: 503,
      body: { code: 'unavailable', details: { checks: { migrations: 'failed' } } },
    })
    expect((await json(health.GET, '/health')).body).toMatchObject({ status: 'degraded' })
    await bare.stop()
    await empty.close()
    installKernel(whole)
  })

  it('readyz refuses while the server is leaving; livez does not', async () => {
    await systemWrite(async () => undefined)
    await kernel().drain()
    expect(await json(readyz.GET, '/readyz')).toMatchObject({ status: 503, body: { code: 'shutting_down' } })
    expect(await json(livez.GET, '/livez')).toMatchObject({ status: 200 })
    expect(await systemDb().tenant.count()).toBeGreaterThan(0)
  })
})
