import { createKey } from '@/lib/auth'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { systemWrite } from '@/lib/core/system-db'
import { approver, pendingDecision, YES } from '@/lib/core/testing/approvals'
import { savedVersion } from '@/lib/core/testing/versions'
import { createPolicy, openBreakGlass, overrideWrites, resolveDecision } from '@/lib/governance'
import type { Endpoint } from '@/lib/http/routes'
import { send as sendMessage } from '@/lib/runtime'
import { uuidv7 } from '@/lib/shared/id'
import { webhookWrites } from '@/lib/webhooks'
import { setCanary, setPin } from '@/lib/workspace'
import { ADAPTER_ACTS, ADAPTER_ID } from './adapter-samples'
import type { Callers } from './callers'
import { EVAL_ACTS } from './eval-samples'
import { PROMOTION_ACTS } from './promotion-samples'
import { OWN_UUID, SAMPLES, type Sample, STAGED } from './requests'
import { SKILL_ACTS } from './skill-samples'

type Act = (own: Callers) => Sample | Promise<Sample>

export const nameOf = ({ method, contract }: Endpoint): string => `${method} ${contract.path}`

const WHY = { reason_code: 'hotfix', justification: 'production is down' } as const
const body = (value: object): string => JSON.stringify(value)
const fresh = (): string => uuidv7(kernel().clock.now().getTime())
const of = (id: string, more: Sample = {}): Sample => ({ params: { id }, body: '{}', ...more })
const onTrace: Act = () => ({ params: { id: OWN_UUID } })

const key: Act = async ({ tenant }) => {
  const wanted = { name: 'act', scopes: ['read' as const], workspace_ids: [], expires_in_days: 1 }
  return of((await createKey(tenant.scope, wanted)).key.id)
}

const deadJob: Act = async ({ tenant }) => {
  const [id, now] = [fresh(), kernel().clock.now()]
  const row = { kind: 'webhooks.deliver', payload: {}, status: 'dead', runAt: now, maxAttempts: 1, createdAt: now }
  await systemWrite(({ client }) => client.job.create({ data: { tenantId: tenant.id, id, attempts: 1, ...row } }))
  return of(id)
}

const deadWebhook: Act = async ({ tenant }) => {
  const made = { traceId: null, event: 'test', url: 'https://example.com/hook', payload: {} }
  const { id, writes } = await webhookWrites(tenant.scope, made)
  await tenant.scope.command({ audit: [], writes })
  const where = { tenantId: tenant.id, id }
  await systemWrite(({ client }) => client.webhookDelivery.updateMany({ where, data: { state: 'dead' } }))
  return of(id)
}

const savedView: Act = async ({ tenant }) => {
  const id = fresh()
  const row = { name: id, page: 'traces', query: 'status=error', isShared: true, createdAt: kernel().clock.now() }
  const data = { tenantId: tenant.id, id, owner: tenant.scope.actor, ...row }
  await systemWrite(({ client }) => client.savedView.create({ data }))
  return of(id, { body: body({ name: 'renamed' }) })
}

const override: Act = async ({ tenant }) => {
  const { id, writes, audits } = overrideWrites(tenant.as('release_manager'), {
    override: WHY,
    action: 'test',
    targetId: null,
  })
  await tenant.scope.command({ audit: audits, writes })
  return of(id)
}

const openWindow: Act = async ({ tenant }) => {
  const wish = { ...WHY, permissions: ['job:manage' as const], minutes: 1 }
  return of((await openBreakGlass(tenant.as('release_manager'), wish)).receipt.id)
}

const waiting: Act = async ({ tenant }) =>
  of(await pendingDecision(tenant.scope), { body: body({ action: 'deny', justification: 'not while it is down' }) })

const expired: Act = async ({ tenant }) => {
  const past = dateOf(kernel().clock.now().getTime() - 1_000)
  await pendingDecision(tenant.scope, { expiresAt: past })
  return { body: '{}' }
}

const approved: Act = async ({ tenant }) => {
  const asked = { origin: 'execution' as const, adapterId: ADAPTER_ID, executionId: fresh(), requestedBy: 'adapter:x' }
  const id = await pendingDecision(tenant.scope, asked)
  const { decision_token: token } = await resolveDecision(approver(tenant.id), id, YES)
  return of(id, { headers: { 'x-decision-token': token ?? '' } })
}

const policy: Act = async ({ tenant }) => {
  const made = { subject: { type: 'tool' as const, name: 'pay' }, effect: { decision: 'deny' as const } }
  const { policy_id } = (await createPolicy(tenant.scope, { policy_id: `act-${fresh()}`, ...made })).policy
  return { params: { policy_id }, body: body({ revision: 1, enabled: false }) }
}
// A run of its own, because only what was recorded can run again.
const replay: Act = async ({ tenant }) => {
  const message = { user_id: 'u1', session_key: 'user:u1:agent', message: 'Hello', task_title: 'Act' }
  const { trace_id: id } = (await sendMessage(tenant.scope, message as never)) as { trace_id: string }
  return of(id, { body: body({ mode: 'strict' }) })
}

// A workspace of its own, pinned to one version, with another one at hand.
const pinned = async ({ tenant: { scope } }: Callers) => {
  const workspaceId = `w-${fresh()}`
  const stable = await savedVersion(scope, workspaceId, { 'SOUL.md': 'stable' })
  const next = await savedVersion(scope, workspaceId, { 'SOUL.md': 'next' })
  await setPin(scope, { workspace_id: workspaceId, version_hash: stable })
  return { params: { workspaceId }, next }
}

const newCanary: Act = async (own) => {
  const { params, next } = await pinned(own)
  return { params, body: body({ version_hash: next, percent: 5 }) }
}

const runningCanary: Act = async (own) => {
  const { params, next } = await pinned(own)
  await setCanary(own.tenant.scope, params.workspaceId, { version_hash: next, percent: 5 })
  return { params, body: '{}' }
}

const newVersion: Act = () => ({
  params: { workspaceId: STAGED.workspace },
  body: body({ files: { 'SOUL.md': fresh() } }),
})

const unmade: Act = () => ({ body: body({ workspace_id: `w-${fresh()}` }) })

// What each call with an id needs to succeed once. A call without one takes its sample.
const ACTS: Readonly<Record<string, Act>> = {
  ...SKILL_ACTS,
  ...PROMOTION_ACTS,
  'POST /keys/{id}/rotate': key,
  'POST /ops/api/keys/{id}/rotate': key,
  'DELETE /keys/{id}': key,
  'DELETE /ops/api/keys/{id}': key,
  'POST /traces/{id}/annotate': onTrace,
  'POST /ops/api/traces/{id}/annotate': onTrace,
  'POST /traces/{id}/label': onTrace,
  'POST /ops/api/traces/{id}/label': onTrace,
  'POST /ops/api/traces/{id}/reveal': onTrace,
  'POST /traces/{id}/replay': replay,
  'POST /ops/api/traces/{id}/replay': replay,
  'POST /ops/api/jobs/{id}/retry': deadJob,
  'POST /ops/api/jobs/{id}/discard': deadJob,
  'POST /ops/api/webhooks/{id}/retry': deadWebhook,
  'PATCH /ops/api/traces/views/{id}': savedView,
  'DELETE /ops/api/traces/views/{id}': savedView,
  'POST /ops/api/audit/{seq}/erase': () => ({ params: { seq: '1' } }),
  'POST /ops/api/receipts/{id}/acknowledge': override,
  'POST /ops/api/break-glass/{id}/close': openWindow,
  'POST /api/decisions/{id}/resolve': waiting,
  'POST /ops/api/decisions/{id}/resolve': waiting,
  'POST /ops/api/decisions/reconcile': expired,
  'POST /api/decisions/{id}/consume': approved,
  'PATCH /api/policies/{policy_id}': policy,
  'PATCH /ops/api/policies/{policy_id}': policy,
  'DELETE /api/policies/{policy_id}': policy,
  'DELETE /ops/api/policies/{policy_id}': policy,
  'POST /workspace/{workspaceId}/versions': newVersion,
  'POST /ops/api/workspaces/{workspaceId}/versions': newVersion,
  'POST /workspace/{workspaceId}/canary': newCanary,
  'POST /ops/api/workspaces/{workspaceId}/canary': newCanary,
  'DELETE /workspace/{workspaceId}/canary': runningCanary,
  'DELETE /ops/api/workspaces/{workspaceId}/canary': runningCanary,
  'POST /workspace/{workspaceId}/canary/promote': runningCanary,
  'POST /ops/api/workspaces/{workspaceId}/canary/promote': runningCanary,
  'POST /workspace/envs/init': unmade,
  'POST /ops/api/workspace/envs/init': unmade,
}

const READS = 'it reads; nothing is changed'
const TELEMETRY =
  'telemetry is data that an exporter delivers; keys and limits of it are audited, each batch is counted'
const PAUSED = 'it needs a run that waits for a person; lib/runtime/pause-ends.test.ts proves its row'
const SIGNED_OUT = 'it is called without a tenant; lib/auth/sign-out.test.ts proves its row'

// Calls that change nothing that a person decided, each with its reason.
export const WITHOUT_A_ROW: Readonly<Record<string, string>> = {
  'POST /audit/verify': READS,
  'POST /ops/api/audit/verify': READS,
  'POST /cost/forecast': READS,
  'POST /ops/api/cost/forecast': READS,
  'POST /risk/score': READS,
  'POST /ops/api/risk/score': READS,
  'POST /workspace/{workspaceId}/promotions/check': READS,
  'POST /ops/api/workspaces/{workspaceId}/promotions/check': READS,
  'POST /traces/diff': READS,
  'POST /traces/{id}/simulate': READS,
  'POST /ops/api/traces/{id}/simulate': READS,
  'POST /api/policy/dry-run': READS,
  'POST /ops/api/policies/dry-run': READS,
  'POST /api/policy/simulate': READS,
  'POST /ops/api/policies/simulate': READS,
  'POST /budget/check': READS,
  'POST /ops/api/budget/check': READS,
  'POST /redaction/preview': READS,
  'POST /workspace/impact': READS,
  'POST /ops/api/workspace/impact': READS,
  'POST /ops/api/workspaces/{workspaceId}/versions/{hash}/prompt': READS,
  'POST /ops/api/workspaces/{workspaceId}/versions/current':
    'what a run has met already is no new version; lib/workspace/versions/console-views.test.ts proves its row',
  'POST /ops/api/redaction/preview': READS,
  'POST /mcp':
    'its tools read; the one that decides is resolveDecision, and lib/mcp-server/decide-approval.test.ts proves its row',
  'POST /v1/traces': TELEMETRY,
  'POST /v1/logs': TELEMETRY,
  'POST /v1/metrics': TELEMETRY,
  'POST /api/otel/v1/traces': TELEMETRY,
  'POST /api/public/otel/v1/traces': TELEMETRY,
  'POST /traces/{id}/cancel': PAUSED,
  'POST /ops/api/traces/{id}/cancel': PAUSED,
  'POST /ops/api/decisions/{id}/reveal': PAUSED,
  'POST /ops/logout': SIGNED_OUT,
  'POST /ops/backchannel-logout': SIGNED_OUT,
  'POST /ops/api/session/tenant': 'only a browser session switches; lib/auth/ops-guard.test.ts proves its row',
}

/** Everything that one successful call of this endpoint needs; null where nobody has written it down yet. */
export const actFor = async (endpoint: Endpoint, own: Callers): Promise<Sample | null> => {
  const name = nameOf(endpoint)
  const sample = SAMPLES[name]
  const agent = ADAPTER_ACTS[name] ?? EVAL_ACTS[name]
  if (agent) return { ...sample, ...(await agent(own.tenant)) }
  const act = ACTS[name]
  if (act) return { ...sample, ...(await act(own)) }
  return endpoint.contract.params ? null : { body: '{}', ...sample }
}
