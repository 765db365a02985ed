import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from '@/lib/core/env'
import { createKernel, installKernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'
import { migrate } from '@/lib/core/migrate/migrate'
import { runEval } from '@/lib/evals'
import { EvalBody } from '@/lib/evals/contract'
import { newBenchScope } from './bench-scope'
import { rowOf, type Sample, sample, table } from './measure'

// Cases through the whole run loop with the model that echoes, in process: prompt, policy, hold, trace, steps, audit,
// score and result of each are committed. npm run bench -- evals [cases] [url of an empty database]
const CASES = Number(process.argv[2] ?? 2_000)
const ROUNDS = 3
const WIDTHS = [1, 4, 16]
const folder = mkdtempSync(join(tmpdir(), 'clasper-bench-'))
const url = process.argv[3] ?? `file:${join(folder, 'bench.db')}`
const workspace = join(folder, 'workspace')
cpSync('workspace-template', workspace, { recursive: true })
// Without tools, as the benchmark of a run: a backend that is not there would be measured too.
rmSync(join(workspace, 'skills'), { recursive: true, force: true })
await migrate(url)
const env = parseEnv({
  NODE_ENV: 'test',
  DATABASE_URL: url,
  CLASPER_LOG_LEVEL: 'silent',
  CLASPER_WORKSPACE: workspace,
  LLM_MODEL_DEFAULT: 'demo/clasper-demo',
  LLM_MODEL_FALLBACK: '',
  CLASPER_SECRETS_KEY: '0'.repeat(64),
  AGENT_JWT_SECRET: 'a'.repeat(40),
})
const kernel = installKernel(createKernel({ env, log: createLog('silent') }))
const scope = newBenchScope.scope('bench')

const cases = Array.from({ length: CASES }, (_, at) => ({
  id: `case-${at}`,
  input: `Question ${at}: what is the capital of France?`,
  expected_output: `You wrote: Question ${at}: what is the capital of France?`,
}))

const once = async (parallel: number): Promise<Sample> => {
  const body = EvalBody.parse({ dataset: { name: 'bench', cases }, options: { parallel, case_threshold: 0.1 } })
  const box = { passed: 0, done: false }
  const taken = await sample(`${parallel} at once`, CASES, async () => {
    const { id } = await runEval(scope, { ...body, wait: false })
    const { getEval, workRun } = await import('@/lib/evals')
    await workRun(scope, id, new AbortController().signal)
    const reply = await getEval(scope, id, { limit: 1 })
    Object.assign(box, { passed: reply.summary.passed, done: reply.state === 'completed' })
  })
  if (!box.done || box.passed !== CASES) throw new Error(`Only ${box.passed} of ${CASES} cases passed`)
  return taken
}

const median = (taken: readonly Sample[]): Sample => {
  const middle = [...taken].sort((a, b) => a.seconds - b.seconds)[Math.floor(taken.length / 2)]
  if (!middle) throw new Error('Nothing was measured')
  return middle
}

await once(16)
const rows: (string | number)[][] = []
for (const width of WIDTHS) {
  const taken: Sample[] = []
  for (let round = 0; round < ROUNDS; round++) taken.push(await once(width))
  rows.push(rowOf(median(taken)))
}
console.log(table([`${CASES} cases (${kernel.db.dialect})`, 'cases/s', 'CPU µs a case'], rows))
await kernel.stop()
rmSync(folder, { recursive: true, force: true })
