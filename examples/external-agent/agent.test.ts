import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as register from '@/app/(api)/adapters/register/route'
import * as execution from '@/app/(api)/api/execution/[id]/route'
import * as request from '@/app/(api)/api/execution/request/route'
import * as authorize from '@/app/(api)/api/governance/tool/authorize/route'
import * as consume from '@/app/(api)/api/governance/tool/consume/route'
import * as cost from '@/app/(api)/api/ingest/cost/route'
import * as metrics from '@/app/(api)/api/ingest/metrics/route'
import * as trace from '@/app/(api)/api/ingest/trace/route'
import { putTelemetryKey } from '@/lib/adapters'
import { mintAdapterToken } from '@/lib/auth'
import { approve, newSigner, rule } from '@/lib/core/testing/adapter-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { createLane } from '@/lib/http/lane'
import { getTraceDetail } from '@/lib/tracing'

const TABLE = {
  routes: [
    { path: '/adapters/register', module: register },
    { path: '/api/execution/request', module: request },
    { path: '/api/execution/[id]', module: execution },
    { path: '/api/governance/tool/authorize', module: authorize },
    { path: '/api/governance/tool/consume', module: consume },
    { path: '/api/ingest/trace', module: trace },
    { path: '/api/ingest/cost', module: cost },
    { path: '/api/ingest/metrics', module: metrics },
  ],
  pages: [],
  files: [],
}

type Said = Readonly<Record<string, unknown>> & { step: string }

const LONG = 60_000

const start = (url: string, token: string, keyFile: string): ChildProcess =>
  spawn(process.execPath, ['agent.mjs'], {
    cwd: import.meta.dirname,
    env: {
      NODE_ENV: 'test',
      PATH: process.env['PATH'] ?? '',
      NO_PROXY: '127.0.0.1',
      CLASPER_URL: url,
      CLASPER_ADAPTER_TOKEN: token,
      CLASPER_SIGNING_KEY: keyFile,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })

const heard = async (child: ChildProcess, onSaid: (said: Said) => Promise<unknown>) => {
  const over = once(child, 'exit')
  const all: Said[] = []
  for await (const line of createInterface({ input: child.stdout ?? expect.unreachable() })) {
    const said = JSON.parse(line) as Said
    all.push(said)
    await onSaid(said)
  }
  const [code] = await over
  return { code: code as number, all, of: (step: string) => all.find((said) => said.step === step) }
}

describeEachDialect('the example of an external agent', (dialect) => {
  useKernel(dialect)
  let server: http.Server
  beforeAll(async () => {
    const lane = createLane(TABLE, () => false)
    server = http.createServer((incoming, response) => lane.handle(incoming, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  const run = async (tenant: TestTenant, onSaid: (said: Said) => Promise<unknown>) => {
    const signer = newSigner()
    const keyFile = join(mkdtempSync(join(tmpdir(), 'clasper-agent-')), 'key.pem')
    writeFileSync(keyFile, signer.key.export({ type: 'pkcs8', format: 'pem' }))
    const { token } = mintAdapterToken({
      adapterId: 'example',
      tenantId: tenant.id,
      workspaceId: 'default',
      capabilities: ['text.read'],
      userId: null,
    })
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const jwk = signer.jwk as never
    return heard(start(url, token, keyFile), async (said) => {
      if (said.step === 'registered')
        await putTelemetryKey(tenant.scope, { adapter_id: 'example', key_alg: 'ed25519', public_jwk: jwk })
      await onSaid(said)
    })
  }

  it('waits for a person, goes on once it is approved, uses its tool and is believed', { timeout: LONG }, async () => {
    const tenant = await newTenant()
    await rule(tenant, 'require_approval', { policy_id: 'ask', precedence: 1, conditions: { intent: 'Count words' } })
    await rule(tenant, 'allow', { policy_id: 'tools', subject: { type: 'tool', name: 'word_count' }, precedence: 2 })
    const { code, of, all } = await run(tenant, async (said) => {
      if (said.step === 'waiting') await approve(tenant, String(said['decision_id']))
    })
    expect(all.map(({ step }) => step)).toEqual(['registered', 'waiting', 'answered', 'tool', 'told'])
    expect(of('answered')).toMatchObject({ decision: 'allow', granted_scope: { max_steps: 5, max_cost: 0.05 } })
    expect(of('tool')).toMatchObject({ decision: 'allow', result: { words: 6 } })
    expect(of('told')).toMatchObject({ statuses: ['ok', 'ok', 'ok'] })
    expect(code).toBe(0)
    const { trace: shown } = await getTraceDetail(tenant.scope, String(of('told')?.['trace_id']))
    expect(shown).toMatchObject({
      adapter_id: 'example',
      trust_status: 'verified',
      violations: [],
      total_cost: 0.0125,
      output: { message: '6 words', tool_calls: [{ name: 'word_count', success: true }] },
      granted_scope: { max_cost: 0.05 },
    })
  })

  it('is denied where no policy speaks, and ends', { timeout: LONG }, async () => {
    const { code, of } = await run(await newTenant(), async () => undefined)
    expect(of('answered')).toMatchObject({ decision: 'deny', blocked_reason: 'policy_denied' })
    expect(of('tool')).toBeUndefined()
    expect(code).toBe(3)
  })
})
