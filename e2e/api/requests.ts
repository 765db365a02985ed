import { createHash } from 'node:crypto'
import type { Endpoint } from '@/lib/http/routes'
import type { Role } from '@/lib/shared/rbac'
import { ADAPTER_SAMPLES } from './adapter-samples'
import { EVAL_SAMPLES } from './eval-samples'
import { promotionSamples } from './promotion-samples'

export type Sent = {
  params?: Record<string, string>
  query?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
  type?: string
}

// A call that succeeds. `role` is who makes it, where an administrator would not; `once` says that it does not repeat.
export type Sample = Sent & { role?: Role; once?: true }

const ORIGIN = 'http://127.0.0.1:8081'

export const FOREIGN_UUID = '01930000-0000-7000-8000-00000000dead'
// A trace that the callers' tenant has.
export const OWN_UUID = '01930000-0000-7000-8000-000000000001'

const NAMED_PARAMS: Readonly<Record<string, string>> = {
  seq: '1',
  span_id: '00f067aa0ba902b7',
  hash: '0123456789abcdef',
}

// Something that fits the path: an unknown id, or the first number.
export const sampleParams = ({ path }: Endpoint): Record<string, string> =>
  Object.fromEntries(
    [...path.matchAll(/\[(\w+)\]/g)].map(([, name = '']) => [name, NAMED_PARAMS[name] ?? FOREIGN_UUID]),
  )

export const urlOf = ({ path }: Endpoint, params: Record<string, string>, query = ''): string =>
  `${ORIGIN}${path.replace(/\[(\w+)\]/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))}${query ? `?${query}` : ''}`

export const send = async (endpoint: Endpoint, sent: Sent = {}): Promise<Response> => {
  const params = sent.params ?? sampleParams(endpoint)
  const hasBody = endpoint.method !== 'GET' && sent.body !== undefined
  const headers = {
    'x-clasper-peer': '127.0.0.1',
    ...sent.headers,
    ...(hasBody ? { 'content-type': sent.type ?? 'application/json' } : {}),
  }
  const request = new Request(urlOf(endpoint, params, sent.query), {
    method: endpoint.method,
    headers,
    ...(hasBody ? { body: sent.body as string } : {}),
  })
  return endpoint.handler(request, { params })
}

export const problemOf = async (
  reply: Response,
): Promise<{ status: number; code: string; request_id: string; error: string; text: string }> => {
  const text = await reply.text()
  return { status: reply.status, text, ...(JSON.parse(text) as { code: string; request_id: string; error: string }) }
}

const MESSAGE = { user_id: 'u1', session_key: 'user:u1:agent', message: 'Hello', task_title: 'Sample' }
const TALK = [
  { role: 'user', content: 'Is it blue?' },
  { role: 'assistant', content: 'It is.' },
  { role: 'user', content: 'Good.' },
]

const TWO_TRACES = { body: JSON.stringify({ base_trace_id: OWN_UUID, compare_trace_id: OWN_UUID }) }

const REASON = { reason_code: 'data_correction', justification: 'a long enough reason' }
const BREAK_GLASS = {
  body: JSON.stringify({ permissions: ['trace:reveal'], minutes: 1, ...REASON }),
  role: 'release_manager',
  once: true,
} as const
const policy = (id: string): Sample => ({
  body: JSON.stringify({ policy_id: id, subject: { type: 'tool', name: 'pay' }, effect: { decision: 'deny' } }),
  once: true,
})
const draft = (id: string): Sample => ({
  body: JSON.stringify({ policy_id: id, decision_id: OWN_UUID, effect: { decision: 'deny' } }),
  once: true,
})
const RESOLVE = { body: JSON.stringify({ action: 'deny', justification: REASON.justification }) }
const CHANGE_POLICY = { body: JSON.stringify({ revision: 1, enabled: false }) }
const BUDGET = { body: JSON.stringify({ budget_usd: 1000 }) }
const ASK_BUDGET = { body: JSON.stringify({ estimated_cost: 1 }) }
const CHECK_BUDGET = { query: 'estimated_cost=1' }
const RULE = { body: JSON.stringify({ name: 'order_no', pattern: 'ORD-[0-9]{4}' }) }
const TEXT = { body: JSON.stringify({ text: 'mail a@example.com' }) }
const TOKENS = { body: JSON.stringify({ tokens: ['0'.repeat(32)], ...REASON }) }
// What the suites have made before, for each door one.
export const SPARE = { budgets: ['user:one', 'user:two'], rules: ['spare_one', 'spare_two'] } as const
const dropBudget = (at: 0 | 1): Sample => ({ query: `scope=${encodeURIComponent(SPARE.budgets[at])}`, once: true })
const dropRule = (at: 0 | 1): Sample => ({ query: `name=${SPARE.rules[at]}`, once: true })
const sha = (text: string): string => createHash('sha256').update(text).digest('hex')
// A workspace with one version, pinned in environments that each door may use up.
export const STAGED = {
  workspace: 'staged',
  files: { 'SOUL.md': 'Staged.' },
  hash: sha(`SOUL.md:${sha('Staged.')}`),
  spare: ['spare-one', 'spare-two'],
} as const
const STAGED_AT = { query: `workspace_id=${STAGED.workspace}` }
const PIN = { body: JSON.stringify({ workspace_id: STAGED.workspace, version_hash: STAGED.hash }) }
const ENVIRONMENT = { body: JSON.stringify({ workspace_id: STAGED.workspace, environment: 'qa' }) }
// Made anew by whoever comes first; the row of the other door is proven in a workspace of its own.
const INIT = { body: JSON.stringify({ workspace_id: STAGED.workspace }) }
const FILES = { body: JSON.stringify({ files: { 'SOUL.md': 'Saved anew.' } }) }
const ONE_FILE = { query: 'path=SOUL.md' }
const IMPACT = { body: JSON.stringify({ workspace_id: STAGED.workspace, old_version_hash: STAGED.hash }) }
const unpin = (at: 0 | 1): Sample => ({ query: `${STAGED_AT.query}&environment=${STAGED.spare[at]}`, once: true })
const MOVE_SKILL = { body: JSON.stringify({ target_state: 'tested' }) }
const BY_STATE = { query: 'state=draft' }
const skill = (name: string): Sample => ({
  body: JSON.stringify({ name, version: '1.0.0', description: 'A sample', instructions: 'Say yes.' }),
  once: true,
})
// Keys that nobody holds the other half of.
const signer = (text: string): Sample => ({
  body: JSON.stringify({ name: 'sample', public_key: createHash('sha256').update(text).digest('base64') }),
  once: true,
})
const LABELS = { body: JSON.stringify({ labels: { speed: 'slow' } }) }
const NOTE = { body: JSON.stringify({ key: 'note', value: 'seen' }) }
const LABELLED = { query: 'label_key=speed' }
const OF_TASK = { query: 'task_id=task-1' }

// What a happy call needs where the defaults do not suffice.
export const SAMPLES: Readonly<Record<string, Sample>> = {
  ...ADAPTER_SAMPLES,
  ...EVAL_SAMPLES,
  ...promotionSamples(STAGED.workspace),
  'POST /mcp': { body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }) },
  'POST /ops/api/break-glass': BREAK_GLASS,
  'POST /api/policies': policy('made-by-key'),
  'POST /ops/api/policies': policy('made-by-person'),
  'POST /api/policies/from-trace': draft('drafted-by-key'),
  'POST /ops/api/policies/from-trace': draft('drafted-by-person'),
  'PATCH /api/policies/{policy_id}': CHANGE_POLICY,
  'PATCH /ops/api/policies/{policy_id}': CHANGE_POLICY,
  'POST /api/decisions/{id}/resolve': RESOLVE,
  'POST /ops/api/decisions/{id}/resolve': RESOLVE,
  'POST /ops/api/decisions/{id}/reveal': { body: JSON.stringify(REASON) },
  'POST /budget': BUDGET,
  'POST /ops/api/budget': BUDGET,
  'GET /budget/check': CHECK_BUDGET,
  'GET /ops/api/budget/check': CHECK_BUDGET,
  'POST /budget/check': ASK_BUDGET,
  'POST /ops/api/budget/check': ASK_BUDGET,
  'DELETE /budget': dropBudget(0),
  'DELETE /ops/api/budget': dropBudget(1),
  'PUT /redaction': RULE,
  'PUT /ops/api/redaction': RULE,
  'POST /redaction/preview': TEXT,
  'POST /ops/api/redaction/preview': TEXT,
  'POST /ops/api/redaction/detokenise': TOKENS,
  'DELETE /redaction': dropRule(0),
  'DELETE /ops/api/redaction': dropRule(1),
  'POST /skills/publish': skill('sample'),
  'POST /ops/api/skills/publish': skill('ops-sample'),
  'POST /skills/{name}/{version}/promote': MOVE_SKILL,
  'POST /ops/api/skills/{name}/{version}/promote': MOVE_SKILL,
  'GET /skills/by-state': BY_STATE,
  'GET /ops/api/skills/by-state': BY_STATE,
  'POST /skills/signers': signer('one'),
  'POST /ops/api/skills/signers': signer('two'),
  'GET /workspace/pin': STAGED_AT,
  'GET /ops/api/workspace/pin': STAGED_AT,
  'POST /workspace/pin': PIN,
  'POST /ops/api/workspace/pin': PIN,
  'DELETE /workspace/pin': unpin(0),
  'DELETE /ops/api/workspace/pin': unpin(1),
  'POST /workspace/{workspaceId}/versions': FILES,
  'POST /ops/api/workspaces/{workspaceId}/versions': FILES,
  'GET /workspace/{workspaceId}/versions/{hash}/file': ONE_FILE,
  'GET /ops/api/workspaces/{workspaceId}/versions/{hash}/file': ONE_FILE,
  'POST /workspace/impact': IMPACT,
  'POST /ops/api/workspace/impact': IMPACT,
  'GET /workspace/envs': STAGED_AT,
  'GET /ops/api/workspace/envs': STAGED_AT,
  'POST /workspace/envs': ENVIRONMENT,
  'POST /ops/api/workspace/envs': ENVIRONMENT,
  'POST /workspace/envs/init': INIT,
  'POST /ops/api/workspace/envs/init': INIT,
  'POST /traces/diff': TWO_TRACES,
  'POST /ops/api/traces/diff': TWO_TRACES,
  'POST /traces/{id}/annotate': NOTE,
  'POST /ops/api/traces/{id}/annotate': NOTE,
  'POST /traces/{id}/label': LABELS,
  'POST /ops/api/traces/{id}/label': LABELS,
  'GET /traces/by-label': LABELLED,
  'GET /ops/api/traces/by-label': LABELLED,
  'GET /traces/by-entity': OF_TASK,
  'GET /ops/api/traces/by-entity': OF_TASK,
  'POST /ops/api/traces/{id}/reveal': { body: JSON.stringify(REASON) },
  'POST /ops/api/traces/views': { body: JSON.stringify({ page: 'traces', name: 'Failed', query: 'status=error' }) },
  'POST /ops/api/retention/erase': { body: JSON.stringify({ user_id: 'nobody', ...REASON }) },
  'POST /keys': { body: JSON.stringify({ name: 'sample', scopes: ['read'] }) },
  'POST /ops/api/keys': { body: JSON.stringify({ name: 'sample', scopes: ['read'] }) },
  'GET /ops/api/authz/explain': { query: 'permission=audit%3Aview' },
  'POST /ops/api/audit/{seq}/erase': { body: JSON.stringify({ justification: 'a long enough reason' }) },
  'POST /api/agents/send': { body: JSON.stringify(MESSAGE) },
  'POST /api/agents/stream': { body: JSON.stringify(MESSAGE) },
  'POST /ops/api/agents/stream': { body: JSON.stringify({ message: 'Hello', role: 'agent' }) },
  'POST /compact': { body: JSON.stringify({ messages: TALK, keep_recent: 1 }) },
  'POST /llm-task': { body: JSON.stringify({ prompt: 'Answer with the JSON {"ok": true}' }) },
  'POST /cost/forecast': { body: JSON.stringify({ prompt_size: 10, model: 'gpt-4o' }) },
  'POST /ops/api/cost/forecast': { body: JSON.stringify({ prompt_size: 10, model: 'gpt-4o' }) },
  'POST /risk/score': { body: JSON.stringify({ tool_count: 1 }) },
  'POST /ops/api/risk/score': { body: JSON.stringify({ tool_count: 1 }) },
  'PUT /ops/api/settings/tools': { body: JSON.stringify({ allowed_tools: ['ns:*'] }) },
  'GET /audit/consistency': { query: 'from_size=1' },
  'GET /ops/api/audit/consistency': { query: 'from_size=1' },
}
