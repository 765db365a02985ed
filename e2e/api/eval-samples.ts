import { kernel } from '@/lib/core/kernel'
import type { TestTenant } from '@/lib/core/testing/kernel'
import { putTrace } from '@/lib/core/testing/sample-trace'
import { changeItem, queueTraces, runEval, saveDataset } from '@/lib/evals'
import { EvalBody, SaveDataset } from '@/lib/evals/contract'
import { uuidv7 } from '@/lib/shared/id'

type Sent = { params?: Record<string, string>; query?: string; body?: string }

const OWN_TRACE = '01930000-0000-7000-8000-000000000001'
const FOREIGN = '01930000-0000-7000-8000-00000000dead'

const bare = (value: object): Sent => ({ body: JSON.stringify(value) })
const fresh = (): string => uuidv7(kernel().clock.now().getTime())

const CASES = [{ id: 'a', input: 'Say yes.', expected_output: 'yes' }]
const RUN = bare({ dataset: { name: 'sample', cases: CASES } })
const SAVE = bare({ name: 'sample', cases: CASES })
const QUEUE = bare({ queue: 'sample', trace_ids: [OWN_TRACE] })
const LABEL = bare({ case_id: 'a', passed: true })
const CHANGE = bare({ note: 'seen' })
const BASELINE: Sent = { query: `baseline_id=${FOREIGN}` }
const VERSIONS: Sent = { query: 'from=1&to=1' }
const TRACES = bare({ trace_ids: [OWN_TRACE] })
const TO_CASE = bare({ dataset: 'sample' })

const onBoth = (method: string, path: string, sample: Sent): [string, Sent][] => [
  [`${method} /evals${path}`, sample],
  [`${method} /ops/api/evals${path}`, sample],
]

/** What a happy call about evaluations needs. */
export const EVAL_SAMPLES: Readonly<Record<string, Sent>> = Object.fromEntries([
  ...onBoth('POST', '/run', RUN),
  ...onBoth('POST', '/datasets', SAVE),
  ...onBoth('POST', '/datasets/{name}/traces', TRACES),
  ...onBoth('GET', '/datasets/{name}/diff', VERSIONS),
  ...onBoth('GET', '/{id}/drift', BASELINE),
  ...onBoth('GET', '/{id}/compare', BASELINE),
  ...onBoth('POST', '/{id}/labels', LABEL),
  ...onBoth('POST', '/queue', QUEUE),
  ...onBoth('PATCH', '/queue/{id}', CHANGE),
  ...onBoth('POST', '/queue/{id}/case', TO_CASE),
])

type Act = (tenant: TestTenant) => Promise<Sent>

const begun = async ({ scope }: TestTenant, wait: boolean): Promise<string> => {
  const wish = { dataset: { name: 'act', cases: CASES }, wait }
  return (await runEval(scope, EvalBody.parse(wish))).id
}

const dataset = async ({ scope }: TestTenant): Promise<string> => {
  const { dataset: made } = await saveDataset(scope, SaveDataset.parse({ name: `act-${fresh()}`, cases: CASES }))
  return made.name
}

const trace = async ({ id: tenantId }: TestTenant): Promise<string> => {
  const id = fresh()
  await putTrace(tenantId, { id, startedAt: kernel().clock.now(), inputs: { message: 'Hello' } })
  return id
}

const queued = async (tenant: TestTenant): Promise<string> => {
  const { items } = await queueTraces(tenant.scope, { queue: 'act', trace_ids: [await trace(tenant)] })
  return items[0]?.id ?? ''
}

const expected: Act = async (tenant) => {
  const id = await queued(tenant)
  await changeItem(tenant.scope, id, { expected: 'Good day.' })
  return { params: { id }, ...TO_CASE }
}

const cancelled: Act = async (tenant) => ({ params: { id: await begun(tenant, false) }, body: '{}' })
const labelled: Act = async (tenant) => ({ params: { id: await begun(tenant, true) }, ...LABEL })
const changed: Act = async (tenant) => ({ params: { id: await queued(tenant) }, ...CHANGE })
const archived: Act = async (tenant) => ({ params: { name: await dataset(tenant) }, body: '{}' })
const saved: Act = async () => bare({ name: `act-${fresh()}`, cases: CASES })
const added: Act = async (tenant) => ({
  params: { name: await dataset(tenant) },
  ...bare({ trace_ids: [await trace(tenant)] }),
})
const put: Act = async (tenant) => bare({ queue: 'act', trace_ids: [await trace(tenant)] })

const actOnBoth = (method: string, path: string, act: Act): [string, Act][] => [
  [`${method} /evals${path}`, act],
  [`${method} /ops/api/evals${path}`, act],
]

/** What each call that changes something about evaluations needs to succeed once. */
export const EVAL_ACTS: Readonly<Record<string, Act>> = Object.fromEntries([
  ...actOnBoth('POST', '/datasets', saved),
  ...actOnBoth('POST', '/datasets/{name}/traces', added),
  ...actOnBoth('POST', '/datasets/{name}/archive', archived),
  ...actOnBoth('POST', '/{id}/cancel', cancelled),
  ...actOnBoth('POST', '/{id}/labels', labelled),
  ...actOnBoth('POST', '/queue', put),
  ...actOnBoth('PATCH', '/queue/{id}', changed),
  ...actOnBoth('POST', '/queue/{id}/case', expected),
])
