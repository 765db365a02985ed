import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { newAgent } from '@/lib/core/testing/adapter-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'

const SCRIPT = `
import { installKernel, kernel } from './lib/core/kernel'
import { testKernel } from './lib/core/testing/kernel'
import { agentScope } from './lib/core/testing/adapter-house'
import { ingestCost, ingestTrace } from './lib/adapters'
import { uuidv7 } from './lib/shared/id'
const [url, tenantId] = process.argv.slice(1)
installKernel(testKernel(url))
const scope = agentScope(tenantId)
const now = () => kernel().clock.now().toISOString()
const work = async (lane) => {
  for (let n = 1; ; n++) {
    const trace_id = uuidv7(kernel().clock.now().getTime())
    const ids = { tenant_id: tenantId, workspace_id: 'default', adapter_id: 'coder', execution_id: lane + '-' + n, trace_id }
    const steps = [{ type: 'llm_call', timestamp: now(), data: { input_tokens: 10 } }]
    await Promise.all([
      ingestTrace(scope, { ...ids, trace: { started_at: now(), steps } }),
      ingestCost(scope, { ...ids, cost_usd: 0.001, recorded_at: now() }),
    ])
    process.stdout.write(trace_id + '\\n')
  }
}
await Promise.all([1, 2, 3].map(work))`

const start = (url: string, tenantId: string): ChildProcess =>
  spawn(
    process.execPath,
    ['--conditions=react-server', '--import', 'tsx', '--input-type=module', '--eval', SCRIPT, url, tenantId],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )

const acknowledged = async (child: ChildProcess, count: number): Promise<string[]> => {
  const seen: string[] = []
  if (child.stdout === null) return seen
  const over = once(child, 'exit')
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.length === 36) seen.push(line)
    if (seen.length >= count) child.kill('SIGKILL')
  }
  await over
  return seen
}

describeEachDialect('a process that dies while telemetry comes in', (dialect) => {
  useKernel(dialect)

  it('has stored all that it acknowledged, and its sums are those of its traces', { timeout: 90_000 }, async () => {
    const tenant = await newTenant()
    await newAgent(tenant)
    const seen = await acknowledged(start(kernel().db.url, tenant.id), 40)
    expect(seen.length).toBeGreaterThanOrEqual(40)
    const { db } = tenant.scope
    const [traces, reports, entries, sums] = await Promise.all([
      db.trace.findMany({ where: {} }),
      db.adapterReport.findMany({ where: {} }),
      db.ledgerEntry.findMany({ where: {} }),
      db.traceRollup.findMany({ where: {} }),
    ])
    const stored = new Map(traces.map((row) => [row.id, row]))
    expect(seen.filter((id) => stored.get(id)?.costMicroUsd !== 1_000n)).toEqual([])
    expect(reports.filter(({ kind }) => kind === 'trace')).toHaveLength(traces.length)
    expect(reports.filter(({ kind }) => kind === 'cost')).toHaveLength(entries.length)
    for (const row of traces) {
      const own = entries.filter(({ traceId }) => traceId === row.id)
      expect(row.costMicroUsd).toBe(own.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0n))
    }
    expect(sums.reduce((sum, row) => sum + row.traces, 0)).toBe(traces.length)
    expect(sums.reduce((sum, row) => sum + row.costMicroUsd, 0n)).toBe(
      traces.reduce((sum, row) => sum + row.costMicroUsd, 0n),
    )
  })
})
