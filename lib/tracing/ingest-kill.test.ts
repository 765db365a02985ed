import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { durationBucketOf } from './rollup'

const SCRIPT = `
import { installKernel } from './lib/core/kernel'
import { identityOf, scopeOf, testKernel } from './lib/core/testing/kernel'
import { agentSpans, newTraceHex } from './lib/core/testing/sample-span'
import { ingestSpans } from './lib/tracing/ingest-spans'
const [url, tenantId] = process.argv.slice(1)
installKernel(testKernel(url))
const scope = scopeOf(identityOf(tenantId))
const shared = newTraceHex()
const say = (word) => process.stdout.write(word + '\\n')
const work = async (lane) => {
  for (let n = 1; ; n++) {
    const own = newTraceHex()
    const spans = [...agentSpans(own), ...agentSpans(shared, 10_000 * lane + 3 * n)]
    await ingestSpans(scope, spans, { source: 'kill' })
    say(spans.map(({ traceId, spanId }) => traceId + spanId).join(' '))
  }
}
await Promise.all([1, 2, 3].map(work))`

const start = (url: string, tenantId: string): ChildProcess =>
  spawn(
    process.execPath,
    ['--conditions=react-server', '--import', 'tsx', '--input-type=module', '--eval', SCRIPT, url, tenantId],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )

const acknowledged = async (child: ChildProcess, batches: number): Promise<string[]> => {
  const seen: string[] = []
  if (child.stdout === null) return seen
  const over = once(child, 'exit')
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.length % 49 === 48) seen.push(...line.split(' '))
    if (seen.length >= batches * 6) child.kill('SIGKILL')
  }
  await over
  return seen
}

describeEachDialect('a process that dies while spans come in', (dialect) => {
  useKernel(dialect)

  it('has stored all that it acknowledged, and its sums are those of its traces', { timeout: 60_000 }, async () => {
    const tenant = await newTenant()
    const seen = await acknowledged(start(kernel().db.url, tenant.id), 30)
    expect(seen.length).toBeGreaterThanOrEqual(180)
    const { db } = tenant.scope
    const spans = await db.traceSpan.findMany({ where: {}, select: { traceId: true, spanId: true, isCounting: true } })
    const stored = new Set(spans.map(({ traceId, spanId }) => traceId.replaceAll('-', '') + spanId))
    expect(seen.filter((name) => !stored.has(name))).toEqual([])
    const [traces, sums] = [await db.trace.findMany({ where: {} }), await db.traceRollup.findMany({ where: {} })]
    const total = (rows: readonly { inputTokens: number | bigint; costMicroUsd: bigint }[]) => [
      rows.reduce((sum, { inputTokens }) => sum + Number(inputTokens), 0),
      rows.reduce((sum, { costMicroUsd }) => sum + Number(costMicroUsd), 0),
    ]
    expect(total(sums)).toEqual(total(traces))
    expect(sums.reduce((sum, row) => sum + row.traces, 0)).toBe(traces.length)
    expect(total(traces)[0]).toBe(spans.filter(({ isCounting }) => isCounting).length * 100)
    expect(traces.reduce((sum, { spanCount }) => sum + spanCount, 0)).toBe(spans.length)
    expect(traces.every((row) => row.durationBucket === durationBucketOf(row.durationMs ?? 0))).toBe(true)
  })
})
