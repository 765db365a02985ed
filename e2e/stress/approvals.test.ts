import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { createReferenceBackend, type ReferenceBackend } from '@/examples/mission-control-lite/server'
import { systemClock } from '@/lib/core/clock'
import { createKernel, installKernel, type Kernel, kernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'
import { systemDb } from '@/lib/core/system-db'
import { ACTION, approver, guardRefunds, pendingDecision, refund, YES } from '@/lib/core/testing/approvals'
import { describeEachDialect, freshDatabase, type TestDatabase } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, testEnv } from '@/lib/core/testing/kernel'
import { type MockProvider, startMockProvider } from '@/lib/core/testing/mock-provider/start-mock-provider'
import { mockSurroundings } from '@/lib/core/testing/mock-provider/surroundings'
import { resolveDecision, verifyAudit } from '@/lib/governance'
import { send } from '@/lib/runtime'
import { getTrace } from '@/lib/tracing'
import { startResumer, stormApproval } from './approvals'
import { type HoldProxy, startHoldProxy } from './hold-proxy'

const TRIES = 10_000
// Leases of a killed server are over, and approvals are not.
const AHEAD_MS = 120_000

type Paused = { traceId: string; decisionId: string; tenantId: string }

describeEachDialect('a run that waits for an approval, and servers that die', (dialect) => {
  const it4 = { timeout: 120_000 }
  const house = {} as { database: TestDatabase; provider: MockProvider; backend: ReferenceBackend; workspace: string }
  let proxy: HoldProxy
  let here: Kernel

  beforeAll(async () => {
    house.database = await freshDatabase(dialect)
    house.provider = await startMockProvider()
    house.backend = await createReferenceBackend({ agentJwtSecret: 'a'.repeat(40) })
    house.workspace = mkdtempSync(join(tmpdir(), 'clasper-approvals-'))
    cpSync('workspace-template', house.workspace, { recursive: true })
    guardRefunds(house.workspace)
  })
  beforeEach(async () => {
    house.provider.reset()
    proxy = await startHoldProxy(house.backend.url)
    here = installKernel(
      createKernel({ env: testEnv(house.database.url, env()), clock: systemClock, log: createLog('silent') }),
    )
  })
  afterEach(async () => {
    await here.stop()
    await proxy.close()
  })
  afterAll(async () => {
    await house.backend.close()
    await house.provider.close()
    await house.database.close()
    rmSync(house.workspace, { recursive: true, force: true })
  })

  const env = () => ({
    ...mockSurroundings(house.provider.url),
    BACKEND_URL: proxy.url,
    CLASPER_WORKSPACE: house.workspace,
    CLASPER_BACKEND_TIMEOUT_MS: '60000',
    CLASPER_TOOL_TIMEOUT_MS: '60000',
    LLM_MODEL_DEFAULT: 'gpt-4o-mini',
  })

  const paused = async (): Promise<Paused> => {
    const { id: tenantId } = await newTenant()
    house.provider.answer(({ body }) =>
      /refund_id|Not permitted/.test(JSON.stringify(body))
        ? { text: 'It is paid.' }
        : { text: 'I pay.', toolCalls: [refund('pay')] },
    )
    const identity = identityOf(tenantId, 'operator', { plane: 'service', userId: null, actor: 'service:shop' })
    const said = { user_id: 'u1', session_key: 'user:u1:agent', message: 'Refund 1042', task_title: 'Refunds' }
    const reply = (await send(scopeOf(identity), said)) as unknown as Record<string, string>
    return { traceId: String(reply['trace_id']), decisionId: String(reply['decision_id']), tenantId }
  }
  const approved = async (): Promise<Paused> => {
    const run = await paused()
    await resolveDecision(approver(run.tenantId), run.decisionId, YES)
    return run
  }
  const statusOf = async ({ traceId }: Paused) =>
    (await systemDb().trace.findFirstOrThrow({ where: { id: traceId } })).status
  const refunds = ({ tenantId }: Paused) =>
    house.backend.store.all('SELECT id FROM refunds WHERE tenant_id = ?', tenantId).length
  const keysOfRefunds = () =>
    proxy
      .seen()
      .filter(({ path }) => path.includes('refund_create'))
      .map(({ body }) => (JSON.parse(body) as { idempotency_key: string }).idempotency_key)

  const ended = async (run: Paused) => {
    const child = await startResumer(house.database.url, env(), AHEAD_MS)
    try {
      await expect.poll(() => statusOf(run), { timeout: 60_000, interval: 100 }).toBe('success')
      const posted = () => house.backend.store.all('SELECT id FROM messages WHERE tenant_id = ?', run.tenantId).length
      await expect.poll(posted, { timeout: 60_000, interval: 100 }).toBe(1)
    } finally {
      child.kill('SIGKILL')
    }
    expect(refunds(run)).toBe(1)
    expect(new Set(keysOfRefunds())).toEqual(new Set([run.decisionId]))
    const { trace } = await getTrace(scopeOf(identityOf(run.tenantId)), run.traceId)
    expect(trace.integrity).toMatchObject({ status: 'verified' })
    const ledger = await systemDb().ledgerEntry.findMany({ where: { tenantId: run.tenantId } })
    expect(ledger.filter(({ state }) => state === 'reserved')).toEqual([])
    const spent = ledger.reduce((sum, line) => sum + Number(line.costMicroUsd), 0)
    const row = await systemDb().trace.findFirstOrThrow({ where: { id: run.traceId } })
    expect(Number(row.costMicroUsd)).toBe(spent)
    const used = { tenantId: run.tenantId, eventType: 'approval_grant_consumed' }
    expect(await systemDb().auditEntry.count({ where: used })).toBe(1)
    expect(await systemDb().pausedRun.count({ where: { tenantId: run.tenantId } })).toBe(0)
    expect((await verifyAudit(scopeOf(identityOf(run.tenantId)))).ok).toBe(true)
  }

  const killedAt = async (run: Paused, met: Promise<void>) => {
    const child = await startResumer(house.database.url, env())
    await met
    child.kill('SIGKILL')
    expect(await statusOf(run)).not.toBe('success')
    await ended(run)
  }

  it('nobody was there to go on', it4, async () => {
    const run = await approved()
    expect(await statusOf(run)).toBe('paused')
    await ended(run)
  })

  it('kill -9 after the approval is used, before the tool hears of it', it4, async () => {
    const run = await approved()
    await killedAt(run, proxy.hold(/refund_create/, 'before'))
    expect(keysOfRefunds()).toHaveLength(2)
  })

  it('kill -9 when the tool has done it and nobody has heard', it4, async () => {
    const run = await approved()
    await killedAt(run, proxy.hold(/refund_create/, 'after'))
    expect(keysOfRefunds()).toHaveLength(2)
  })

  it('kill -9 while the model thinks about the result', it4, async () => {
    const run = await approved()
    house.provider.reset()
    let asked: () => void = () => undefined
    const met = new Promise<void>((resolve) => {
      asked = resolve
    })
    let n = 0
    house.provider.answer(() => {
      n++
      if (n === 1) setTimeout(asked, 0)
      return n === 1 ? { text: 'Never heard.', delayMs: 60_000 } : { text: 'It is paid.' }
    })
    await killedAt(run, met)
    expect(keysOfRefunds()).toHaveLength(1)
  })

  it('kill -9 while the answer is posted', it4, async () => {
    const run = await approved()
    const met = proxy.hold(/messages/, 'after')
    const child = await startResumer(house.database.url, env())
    await met
    child.kill('SIGKILL')
    await ended(run)
    expect(keysOfRefunds()).toHaveLength(1)
  })

  it('four servers go on with the same runs: each call is done once', it4, async () => {
    const runs = [await approved(), await approved(), await approved()]
    const children = await Promise.all(Array.from({ length: 4 }, () => startResumer(house.database.url, env())))
    try {
      for (const run of runs) await expect.poll(() => statusOf(run), { timeout: 60_000, interval: 100 }).toBe('success')
    } finally {
      for (const child of children) child.kill('SIGKILL')
    }
    expect(runs.map(refunds)).toEqual([1, 1, 1])
    expect(keysOfRefunds().sort()).toEqual(runs.map(({ decisionId }) => decisionId).sort())
  })

  it(`${TRIES} tries at once in four processes: one use`, it4, async () => {
    const tenant = await newTenant()
    const stranger = await newTenant()
    const id = await pendingDecision(tenant.scope)
    await resolveDecision(approver(tenant.id), id, YES)
    const mine = { tenantId: tenant.id, actionHash: ACTION, by: 'run:storm' }
    const share = TRIES / 4
    const counts = await stormApproval({
      url: house.database.url,
      id,
      parties: [
        { ...mine, tries: share },
        { ...mine, tries: share },
        { ...mine, tries: share, actionHash: `${ACTION}0` },
        { ...mine, tries: share, tenantId: stranger.id },
      ],
    })
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1)
    expect(counts.slice(2)).toEqual([0, 0])
    const used = { tenantId: tenant.id, eventType: 'approval_grant_consumed' }
    expect(await systemDb().auditEntry.count({ where: used })).toBe(1)
    expect(kernel().id).toBe(here.id)
  })
})
