import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { EVAL_JOB, runEval, workRun } from '@/lib/evals'
import { jobScope } from '@/lib/jobs/job-scope'
import { EvalBody } from '../contract'

const CASES = 40

const SCRIPT = `
import { installKernel } from './lib/core/kernel'
import { testKernel } from './lib/core/testing/kernel'
import { jobScope } from './lib/jobs/job-scope'
import { workRun } from './lib/evals'
import { systemDb } from './lib/core/system-db'
const [url, tenantId, id, env] = process.argv.slice(1)
installKernel(testKernel(url, { env: JSON.parse(env) }))
const work = workRun(jobScope('evals.run', tenantId), id, new AbortController().signal)
for (;;) {
  const done = await systemDb().evalResult.count({ where: { tenantId, runId: id, NOT: { status: 'queued' } } })
  process.stdout.write(done + '\\n')
  if (done === ${CASES}) break
  await new Promise((resolve) => setImmediate(resolve))
}
await work`

const ENV = { LLM_MODEL_DEFAULT: 'demo/clasper-demo', LLM_MODEL_FALLBACK: '' }

const start = (...args: string[]): ChildProcess =>
  spawn(
    process.execPath,
    ['--conditions=react-server', '--import', 'tsx', '--input-type=module', '--eval', SCRIPT, ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )

const killedAt = async (child: ChildProcess, count: number): Promise<number> => {
  const over = once(child, 'exit')
  let seen = 0
  if (child.stdout === null) return seen
  for await (const line of createInterface({ input: child.stdout })) {
    seen = Number(line)
    if (seen >= count) child.kill('SIGKILL')
  }
  await over
  return seen
}

describeEachDialect('a process that dies in the middle of an evaluation', (dialect) => {
  useKernel(dialect, { env: ENV })

  it('leaves its results; the next one does the rest, and no case has two', { timeout: 120_000 }, async () => {
    const tenant = await newTenant()
    const cases = Array.from({ length: CASES }, (_, at) => ({ id: `c${at}`, input: `Say ${at}`, expected_output: 'x' }))
    const options = { parallel: 2 }
    const { id } = await runEval(tenant.scope, EvalBody.parse({ dataset: { name: 'k', cases }, options, wait: false }))
    const where = { tenantId: tenant.id, runId: id }
    const dead = await killedAt(start(kernel().db.url, tenant.id, id, JSON.stringify(ENV)), 5)
    expect(dead).toBeGreaterThanOrEqual(5)
    const before = await systemDb().evalResult.findMany({ where: { ...where, NOT: { status: 'queued' } } })
    expect(before.length).toBeLessThan(CASES)
    const scope = jobScope(EVAL_JOB, tenant.id)
    const goOn = () => workRun(scope, id, new AbortController().signal)
    // The dead one holds it until its lease runs out.
    expect(await goOn()).toBe('busy')
    const past = dateOf(kernel().clock.now().getTime() - 1)
    await systemWrite(({ client }) => client.evalRun.updateMany({ where: { id }, data: { leaseUntil: past } }))
    expect(await goOn()).toBe('done')
    const after = await systemDb().evalResult.findMany({ where })
    expect(after).toHaveLength(CASES)
    const traces = after.map(({ traceId }) => traceId ?? '')
    expect(new Set(traces).size).toBe(CASES)
    // What the dead one had ended is as it was.
    for (const row of before) expect(after.find(({ caseId }) => caseId === row.caseId)).toEqual(row)
    // Each result was paid for, and each run that has a result has exactly one.
    const ended = await systemDb().trace.findMany({ where: { tenantId: tenant.id, kind: 'eval', status: 'success' } })
    expect(new Set(ended.map((row) => row.id))).toEqual(new Set(traces))
    const paid = await systemDb().ledgerEntry.groupBy({
      by: ['traceId'],
      where: { tenantId: tenant.id, state: 'settled', traceId: { in: traces } },
      _count: { _all: true },
    })
    expect(paid).toHaveLength(CASES)
    expect(paid.every(({ _count }) => _count._all === 1)).toBe(true)
    const row = await systemDb().evalRun.findFirstOrThrow({ where: { id } })
    expect(row).toMatchObject({ status: 'completed', doneCount: CASES })
    expect(row.costMicroUsd).toBe(after.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0n))
  })
})
