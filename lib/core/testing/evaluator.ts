import * as evals from '@/lib/evals'
import * as contracts from '@/lib/evals/contract'
import { type Route, route } from '@/lib/http/route'
import { type AgentTenant, SERVICE_KEY } from './agent-house'

const ROUTES = {
  run: route(contracts.runEval, (scope, { body }) => evals.runEval(scope, body)),
  get: route(contracts.getEval, (scope, { params, query }) => evals.getEval(scope, params.id, query)),
  list: route(contracts.listEvals, (scope, { query }) => evals.listEvals(scope, query)),
  cancel: route(contracts.cancelEval, (scope, { params }) => evals.cancelEval(scope, params.id)),
  drift: route(contracts.evalDrift, (scope, { params, query }) => evals.evalDrift(scope, params.id, query.baseline_id)),
  compare: route(contracts.compareEvals, (scope, { params, query }) =>
    evals.compareEvals(scope, params.id, query.baseline_id, query),
  ),
  scores: route(contracts.evalScores, (scope, { query }) => evals.evalScores(scope, query)),
  save: route(contracts.saveDataset, (scope, { body }) => evals.saveDataset(scope, body)),
  dataset: route(contracts.getDataset, (scope, { params, query }) => evals.getDataset(scope, params.name, query)),
  datasets: route(contracts.listDatasets, (scope, { query }) => evals.listDatasets(scope, query)),
  diff: route(contracts.diffDataset, (scope, { params, query }) => evals.diffDataset(scope, params.name, query)),
  traces: route(contracts.addTraces, (scope, { params, body }) => evals.addTraces(scope, params.name, body)),
  label: route(contracts.labelResult, (scope, { params, body }) => evals.labelResult(scope, params.id, body)),
  judges: route(contracts.judgeAgreement, (scope, { query }) => evals.judgeAgreement(scope, query)),
} as const

type Json = Record<string, unknown>
type Ask = { params?: Record<string, string>; query?: string; body?: object; headers?: Record<string, string> }

/** The routes of evaluations, as a backend calls them. */
export const evaluator = (tenant: Pick<AgentTenant, 'id'>) => {
  const ask = async (name: keyof typeof ROUTES, { params = {}, query = '', body, headers = {} }: Ask = {}) => {
    const handler = ROUTES[name] as unknown as Route
    const request = new Request(`http://127.0.0.1/evals?${query}`, {
      method: handler.contract.method,
      headers: {
        'content-type': 'application/json',
        'x-agent-daemon-key': SERVICE_KEY,
        'x-tenant-id': tenant.id,
        'x-clasper-aliases': 'off',
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const reply = await handler(request, { params })
    return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Json }
  }
  return {
    ask,
    run: (body: object, headers: Record<string, string> = {}) => ask('run', { body, headers }),
    get: (id: unknown, query = '') => ask('get', { params: { id: String(id) }, query }),
  }
}
