import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createReferenceBackend, type ReferenceBackend } from '@/examples/mission-control-lite/server'
import { dateOf, fixedClock, systemClock } from '@/lib/core/clock'
import { createKernel, installKernel, type Kernel, kernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect, freshDatabase, type TestDatabase } from '@/lib/core/testing/database'
import { identityOf, scopeOf, testEnv } from '@/lib/core/testing/kernel'
import { type MockProvider, startMockProvider } from '@/lib/core/testing/mock-provider/start-mock-provider'
import { mockSurroundings } from '@/lib/core/testing/mock-provider/surroundings'
import { proveLedger, setBudget, verifyAudit } from '@/lib/governance'
import { deliverAnswer } from '@/lib/jobs/deliver-answer'
import { overdueRuns } from '@/lib/jobs/store-runs'
import { createWorker } from '@/lib/jobs/worker'
import { endInterrupted } from '@/lib/runtime'

const ROUNDS = Math.min(5, Number(process.env['STRESS_ROUNDS'] ?? 1))
const RUNS = 200
const KEY = 'service-key-of-the-stress-test-0001'
const CHILD = new URL('./running-child.ts', import.meta.url).pathname

type Answer = { traceId: string; response: string; cost: number; delivery: string }

const start = async (url: string, env: Record<string, string>): Promise<{ child: ChildProcess; url: string }> => {
  const args = ['--conditions=react-server', '--import', 'tsx', CHILD, url, JSON.stringify(env)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  const [line] = (await once(lines, 'line')) as [string]
  return { child, url: line }
}

const readDone = (text: string): Answer | null => {
  const line = text.split('\n').find((part) => part.startsWith('data: {"type":"done"'))
  if (!line) return null
  const done = JSON.parse(line.slice(6)) as Record<string, never>
  return answerIn(done)
}

const answerIn = (body: Record<string, unknown>): Answer => ({
  traceId: String(body['trace_id']),
  response: String(body['response']),
  cost: Number((body['cost'] as Record<string, unknown>)['total_cost_micro_usd']),
  delivery: String(body['delivery']),
})

const ask = async (base: string, n: number): Promise<Answer | null> => {
  const kind = n % 3 === 0 ? 'stream' : 'send'
  try {
    const reply = await fetch(`${base}/api/agents/${kind}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-agent-daemon-key': KEY },
      body: JSON.stringify({
        user_id: 'u1',
        session_key: 'user:u1:agent',
        task_title: `Task ${n % 5}`,
        message: `message ${n}`,
        idempotency_key: `n${n}`,
      }),
    })
    const text = await reply.text()
    if (!reply.ok) return null
    return kind === 'stream' ? readDone(text) : answerIn(JSON.parse(text) as Record<string, unknown>)
  } catch {
    return null
  }
}

describeEachDialect('a server that is killed while agents run', (dialect) => {
  let database: TestDatabase
  let provider: MockProvider
  let backend: ReferenceBackend
  beforeAll(async () => {
    database = await freshDatabase(dialect)
    provider = await startMockProvider()
    backend = await createReferenceBackend({ agentJwtSecret: 'a'.repeat(40) })
    let n = 0
    provider.answer(() => ({ text: `answer ${++n}`, delayMs: 40 + ((n * 37) % 160) }))
  })
  afterAll(async () => {
    await provider.close()
    await backend.close()
    await database.close()
  })

  const surroundings = () => ({
    ...mockSurroundings(provider.url),
    CLASPER_MODEL_HEADER_MS: '20000',
    CLASPER_MODEL_IDLE_MS: '20000',
    BACKEND_URL: backend.url,
    CLASPER_WORKSPACE: 'workspace-template',
    AGENT_DAEMON_API_KEY: KEY,
    CLASPER_DEFAULT_TENANT_ID: 'killed',
    LLM_MODEL_DEFAULT: 'gpt-4o-mini',
  })

  const killAfter = async (least: number): Promise<Answer[]> => {
    const server = await start(database.url, surroundings())
    const answers: Answer[] = []
    const asked = Array.from({ length: RUNS }, (_, n) =>
      ask(server.url, n).then((answer) => {
        if (answer) answers.push(answer)
        if (answers.length === least) server.child.kill('SIGKILL')
      }),
    )
    await Promise.all(asked)
    if (server.child.exitCode === null && server.child.signalCode === null) server.child.kill('SIGKILL')
    return answers
  }

  // What the next server does: it ends what is overdue and delivers what waits.
  const recover = async (): Promise<Kernel> => {
    const later = fixedClock(dateOf(systemClock.now().getTime() + 3_600_000))
    const next = installKernel(
      createKernel({ env: testEnv(database.url, surroundings()), clock: later, log: createLog('silent') }),
    )
    for (const { tenantId, id } of await overdueRuns(kernel().clock.now()))
      await endInterrupted(scopeOf(identityOf(tenantId)), id)
    const worker = createWorker({ jobs: [deliverAnswer], pollMs: 20 })
    worker.start()
    const open = () => systemDb().job.count({ where: { status: { in: ['queued', 'running'] } } })
    await expect.poll(open, { timeout: 30_000 }).toBe(0)
    await worker.stop(5_000)
    return next
  }

  it(`keeps every answer that reached a client, ${ROUNDS} times`, { timeout: 60_000 + ROUNDS * 60_000 }, async () => {
    const answers: Answer[] = []
    const first = installKernel(createKernel({ env: testEnv(database.url, surroundings()), log: createLog('silent') }))
    for (const scope of ['tenant', 'workspace:default', 'role:agent', 'user:u1'])
      await setBudget(scopeOf(identityOf('killed')), { scope, budget_usd: 1_000 })
    await first.stop()
    for (let round = 0; round < ROUNDS; round++) {
      answers.push(...(await killAfter(30 + round * 40)))
      const recovered = await recover()
      await systemWrite(({ client }) => client.idempotencyKey.deleteMany({}))
      const traces = await systemDb().trace.findMany({ where: { tenantId: 'killed' } })
      const ledger = await systemDb().ledgerEntry.findMany({ where: { tenantId: 'killed' } })
      const audits = await systemDb().auditEntry.findMany({ where: { tenantId: 'killed' } })
      const byId = new Map(traces.map((trace) => [trace.id, trace]))
      const costOf = (id: string) =>
        ledger.filter((line) => line.traceId === id).reduce((sum, line) => sum + Number(line.costMicroUsd), 0)
      const eventsOf = (id: string) => audits.filter((row) => row.traceId === id).map((row) => row.eventType)
      expect(answers.length).toBeGreaterThanOrEqual(30)
      for (const answer of answers) {
        expect(byId.get(answer.traceId)).toMatchObject({ status: 'success', delivery: 'posted' })
        expect(costOf(answer.traceId)).toBe(answer.cost)
        expect(eventsOf(answer.traceId)).toEqual(
          expect.arrayContaining(['agent_execution_started', 'agent_execution_completed']),
        )
      }
      expect(traces.filter(({ status }) => status === 'running')).toEqual([])
      expect(ledger.filter(({ state }) => state === 'reserved')).toEqual([])
      const posted = backend.store.all('SELECT id FROM messages')
      const delivered = traces.filter(({ delivery }) => delivery === 'posted')
      expect(new Set(delivered.map(({ messageId }) => messageId)).size).toBe(delivered.length)
      expect(posted).toHaveLength(delivered.length)
      expect((await verifyAudit(scopeOf(identityOf('killed')))).ok).toBe(true)
      expect(await proveLedger(scopeOf(identityOf('killed')))).toMatchObject({
        ok: true,
        differences: [],
        overdue_reservations: 0,
        checked: { budgets: 4 },
        totals: { reserved_micro_usd: 0 },
      })
      await recovered.stop()
    }
  })
})
