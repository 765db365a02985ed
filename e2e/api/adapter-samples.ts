import { authorizeTool, putTelemetryKey, registerAdapter, requestExecution } from '@/lib/adapters'
import { mintAdapterToken } from '@/lib/auth'
import { agentScope, newSigner, registration } from '@/lib/core/testing/adapter-house'
import type { TestTenant } from '@/lib/core/testing/kernel'
import { createPolicy } from '@/lib/governance'
import { uuidv7 } from '@/lib/shared/id'

type Sent = { query?: string; body?: string }

export const ADAPTER_ID = 'sample-agent'
const RUN = 'sample-run'
const KEY = 'sample-key'
const TOOL = 'sample_tool'
const JWK = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }

const body = (value: object): Sent => ({ body: JSON.stringify({ adapter_id: ADAPTER_ID, ...value }) })
const bare = (value: object): Sent => ({ body: JSON.stringify(value) })
// Each call tells of another run, so that none of them is a repetition; the clock of a suite may be any.
const told = (kind: object): Sent => {
  const ids = { execution_id: uuidv7(Date.now()), trace_id: uuidv7(Date.now()) }
  return body({ ...ids, ...kind })
}

const at = new Date().toISOString()
const reason = { reason: 'a sample of the tests' }
const register = { display_name: 'Sample agent', risk_class: 'low', version: '1.0.0', capabilities: [] }
const wish = { execution_id: RUN, tool: TOOL }
const evidence: Sent = { query: `execution_id=${RUN}` }
const key = body({ key_alg: 'ed25519', public_jwk: JWK })
const revoke = body({ key_id: KEY })

/** What a happy call of an external agent, or about one, needs. */
export const ADAPTER_SAMPLES: Readonly<Record<string, Sent>> = {
  'POST /adapters/register': body(register),
  'POST /adapters/token': body({ allowed_capabilities: [] }),
  'POST /adapters/telemetry-key': key,
  'POST /ops/api/adapters/telemetry-key': key,
  'POST /adapters/telemetry-key/revoke': revoke,
  'POST /ops/api/adapters/telemetry-key/revoke': revoke,
  'POST /adapters/disable': bare({ adapter_id: 'other-agent', ...reason }),
  'POST /ops/api/adapters/disable': bare({ adapter_id: 'other-agent', ...reason }),
  'POST /ops/api/adapters/enable': bare({ adapter_id: 'other-agent', ...reason }),
  'GET /executions/evidence': evidence,
  'GET /ops/api/executions/evidence': evidence,
  'POST /api/execution/request': body({ requested_capabilities: [], tool_count: 0 }),
  'POST /api/governance/tool/authorize': body(wish),
  'POST /api/governance/tool/consume': bare({ tool_token: 'a.b.c', tool: TOOL }),
  'POST /tool-authorizations/consume': bare({ tool_token: 'a.b.c', tool: TOOL }),
  'POST /api/ingest/trace': told({ trace: { started_at: at } }),
  'POST /api/ingest/audit': told({ event_type: 'note', occurred_at: at }),
  'POST /api/ingest/cost': told({ cost_usd: 0.01, recorded_at: at }),
  'POST /api/ingest/metrics': told({ step_count: 1, duration_ms: 1, recorded_at: at }),
  'POST /api/ingest/violations': told({ violation_type: 'note', message: 'a sample', occurred_at: at }),
}

const agentOf = (tenantId: string) => agentScope(tenantId, ADAPTER_ID)

const fresh = async ({ id }: TestTenant): Promise<Sent> => {
  const { tool_token } = await authorizeTool(agentOf(id), { adapter_id: ADAPTER_ID, ...wish })
  return bare({ tool_token, tool: TOOL })
}

/** What is used up by its one use. */
export const ADAPTER_ACTS: Readonly<Record<string, (tenant: TestTenant) => Promise<Sent>>> = {
  'POST /api/governance/tool/consume': fresh,
  'POST /tool-authorizations/consume': fresh,
}

export const adapterToken = (tenantId: string): string =>
  mintAdapterToken({ adapterId: ADAPTER_ID, tenantId, workspaceId: 'default', capabilities: [], userId: null }).token

/** An agent that may do what little the samples ask, another one to switch off, and a key to revoke. */
export const setAdapters = async ({ id: tenantId, scope }: TestTenant): Promise<void> => {
  for (const id of [ADAPTER_ID, 'other-agent'])
    await registerAdapter(agentScope(tenantId, id), registration(id, { capabilities: [], tool_capabilities: [] }))
  const jwk = newSigner().jwk as { kty: 'OKP'; crv: 'Ed25519'; x: string }
  await putTelemetryKey(scope, { adapter_id: ADAPTER_ID, key_alg: 'ed25519', key_id: KEY, public_jwk: jwk })
  await createPolicy(scope, {
    policy_id: 'sample-agents',
    subject: { type: 'adapter', name: ADAPTER_ID },
    effect: { decision: 'allow' },
  })
  const asked = { adapter_id: ADAPTER_ID, execution_id: RUN, requested_capabilities: [], tool_count: 0 }
  await requestExecution(agentOf(tenantId), asked)
}
