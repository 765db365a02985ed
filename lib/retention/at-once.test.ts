import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { dateOf, fixedClock, monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { recordRun } from '@/lib/core/testing/recorded-run'
import { getTrace, labelTrace } from '@/lib/tracing'
import { digestOf } from './digest'
import { enforce } from './index'

const NOON = new Date('2026-03-01T12:00:00Z')
const DAY = 86_400_000
const clock = fixedClock(NOON)

const PIECE = 150

const rowsFor = (tenantId: string, ids: readonly string[], from: Date) => {
  const at = (n: number) => dateOf(from.getTime() + n)
  const common = { tenantId, workspaceId: 'default', environment: 'x', kind: 'send', actor: 'x', status: 'success' }
  const plain = { provider: 'p', model: 'm', promptSource: 'workspace', stepCount: 1 }
  const step = { tenantId, seq: 1, type: 'llm_call', durationMs: 1, data: '{}', stepHash: 'x' }
  return {
    traces: ids.map((id, n) => ({ ...common, ...plain, id, executionId: id, startedAt: at(n), leaseUntil: at(n) })),
    steps: ids.map((id, n) => ({ ...step, traceId: id, stepId: id, timestamp: at(n) })),
    texts: ids.map((id) => ({ tenantId, traceId: id, text: `t ${id}` })),
  }
}

const fill = async ({ id: tenantId }: TestTenant, count: number, start: Date): Promise<string[]> => {
  const ids = Array.from({ length: count }, (_, n) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`)
  for (let from = 0; from < count; from += PIECE) {
    const rows = rowsFor(tenantId, ids.slice(from, from + PIECE), dateOf(start.getTime() + from))
    await systemWrite(({ client }) => client.trace.createMany({ data: rows.traces }))
    await systemWrite(({ client }) => client.traceStep.createMany({ data: rows.steps }))
    await systemWrite(({ client }) => client.traceText.createMany({ data: rows.texts }))
  }
  return ids
}

const SCRIPT = `
import { parseEnv } from './lib/core/env'
import { createKernel, installKernel } from './lib/core/kernel'
import { createLog } from './lib/core/log'
import { jobScope } from './lib/jobs/job-scope'
import { enforceLater } from './lib/retention'
const [url, tenant] = process.argv.slice(1)
const env = parseEnv({ NODE_ENV: 'test', DATABASE_URL: url })
const kernel = installKernel(createKernel({ env, log: createLog('silent') }))
kernel.bus.on('committed', () => process.stdout.write('part\\n'))
await enforceLater(jobScope('retention.enforce', tenant), { task: 'day' }, { budgetMs: 60_000, signal: new AbortController().signal })
process.stdout.write('end\\n')
await kernel.stop()`

// A process of its own that dies after its second transaction, without a word.
const killedPass = async (url: string, tenantId: string): Promise<readonly string[]> => {
  const args = ['--conditions=react-server', '--import', 'tsx', '--input-type=module', '--eval', SCRIPT]
  const child = spawn(process.execPath, [...args, url, tenantId], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    if (lines.length === 2) child.kill('SIGKILL')
  })
  await once(child, 'close')
  return lines
}

const partsOf = async (tenant: TestTenant) => {
  const rows = await systemDb().auditPayload.findMany({ where: { tenantId: tenant.id }, orderBy: { seq: 'asc' } })
  return rows.map(({ data }) => JSON.parse(data) as Record<string, unknown>)
}

const idsOf = async (tenant: TestTenant) =>
  (await tenant.scope.db.trace.findMany({ orderBy: { startedAt: 'asc' }, select: { id: true } })).map(({ id }) => id)

const orphansOf = async ({ id: tenantId }: TestTenant) => {
  const where = { tenantId }
  const known = new Set((await systemDb().trace.findMany({ where, select: { id: true } })).map(({ id }) => id))
  const [steps, texts, links, bodies] = await Promise.all([
    systemDb().traceStep.findMany({ where, select: { traceId: true } }),
    systemDb().traceText.findMany({ where, select: { traceId: true } }),
    systemDb().traceBody.findMany({ where }),
    systemDb().body.findMany({ where, select: { hash: true } }),
  ])
  const held = new Set(bodies.map(({ hash }) => hash))
  return {
    parts: [...steps, ...texts, ...links].filter(({ traceId }) => !known.has(traceId)).length,
    missing: links.filter(({ hash }) => !held.has(hash)).length,
  }
}

describeEachDialect('a pass that is not alone', (dialect) => {
  useKernel(dialect, { clock })

  it('is killed in the middle: what went is certified to the id, and the next one does the rest', async () => {
    clock.set(NOON)
    const tenant = await newTenant()
    const ids = await fill(tenant, 2_500, dateOf(0))
    expect(await killedPass(kernel().db.url, tenant.id)).not.toContain('end')
    const left = await idsOf(tenant)
    expect(left.length).toBeLessThan(2_500)
    expect(left.length).toBeGreaterThan(0)
    expect(await orphansOf(tenant)).toEqual({ parts: 0, missing: 0 })
    const parts = await partsOf(tenant)
    expect(parts.every(({ kind }) => kind === 'part')).toBe(true)
    expect(parts.reduce((sum, { traces }) => sum + Number(traces), 0)).toBe(2_500 - left.length)
    let from = 0
    for (const { traces, ids_sha256: digest } of parts) {
      expect(digest).toBe(digestOf(ids.slice(from, from + Number(traces))))
      from += Number(traces)
    }
    expect(left).toEqual(ids.slice(from))
    const { result } = await enforce(tenant.scope, {}, true)
    expect(result).toMatchObject({ traces_deleted: left.length, ids_sha256: digestOf(left), is_complete: true })
  }, 120_000)

  it('goes on while runs begin and end and are labelled: none of them waits long, and nothing of them is lost', async () => {
    clock.set(NOON)
    const tenant = await newTenant()
    const prompt = `shared ${'words '.repeat(2_000)}`
    for (let n = 0; n < 30; n++) await recordRun(tenant.scope, { prompt, word: `w${n}` })
    await fill(tenant, 1_500, NOON)
    clock.advance(100 * DAY)
    // Another instance, which remembers nothing of what this one stored.
    kernel()
      .slot('tracing.committed-bodies', () => new Map())
      .clear()
    const open: string[] = []
    const state = { isOver: false, worst: 0, during: 0 }
    const others = async () => {
      for (let n = 0; !state.isOver || n < 5; n++) {
        const began = monotonicMs()
        const id = await recordRun(tenant.scope, { prompt, word: `n${n}` })
        await labelTrace(tenant.scope, id, { round: String(n) }, 'merge')
        state.worst = Math.max(state.worst, monotonicMs() - began)
        if (!state.isOver) state.during++
        open.push(id)
      }
    }
    const writing = Promise.all([others(), others()])
    const { result } = await enforce(tenant.scope, {}, true)
    state.isOver = true
    await writing
    expect(result).toMatchObject({ traces_deleted: 1_530, is_complete: true })
    expect(state.during).toBeGreaterThan(0)
    expect(state.worst).toBeLessThan(15_000)
    expect((await idsOf(tenant)).sort()).toEqual([...open].sort())
    expect(await orphansOf(tenant)).toEqual({ parts: 0, missing: 0 })
    const { trace } = await getTrace(tenant.scope, open[0] ?? '')
    expect(trace.redacted_prompt).toBe(prompt)
    const where = { tenantId: tenant.id }
    const sums = await systemDb().traceRollup.findMany({ where })
    expect(sums.reduce((sum, { traces }) => sum + traces, 0)).toBe(30 + open.length)
  }, 120_000)
})
