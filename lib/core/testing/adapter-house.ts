import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { putTelemetryKey, registerAdapter, requestExecution } from '@/lib/adapters'
import type { ExecutionBody, RegisterBody } from '@/lib/adapters/contract'
import { createPolicy, resolveDecision } from '@/lib/governance'
import type { PolicyDocument } from '@/lib/governance/contract'
import { uuidv7 } from '@/lib/shared/id'
import { isProblem } from '@/lib/shared/problem'
import { stableJson } from '@/lib/shared/stable-json'
import { kernel } from '../kernel'
import type { Identity, Scope } from '../scope'
import { approver, YES } from './approvals'
import { identityOf, scopeOf, type TestTenant } from './kernel'

export const CAPABILITIES = ['files.read', 'files.write', 'shell.exec']
const TOOLS = ['file_read', 'file_write']

/** An agent of the tenant, as its token says who it is. */
export const agentScope = (tenantId: string, id = 'coder', over: Partial<Identity> = {}): Scope =>
  scopeOf(
    identityOf(tenantId, 'viewer', {
      ...{ plane: 'adapter', actor: `adapter:${id}`, userId: null, role: null, roles: [], allowedTenants: [] },
      ...{ permissions: new Set(), scopes: new Set(), workspaceIds: ['default'], credentialId: `adapter:${id}` },
      adapter: { id, capabilities: CAPABILITIES },
      ...over,
    }),
  )

export const registration = (id = 'coder', over: Partial<RegisterBody> = {}): RegisterBody => ({
  adapter_id: id,
  display_name: 'A coding agent',
  risk_class: 'low',
  capabilities: ['files.read', 'files.write'],
  version: '1.0.0',
  enabled: true,
  tool_capabilities: TOOLS,
  ...over,
})

/** Registered, and ready to ask. */
export const newAgent = async (tenant: TestTenant, id = 'coder', over: Partial<RegisterBody> = {}): Promise<Scope> => {
  const scope = agentScope(tenant.id, id)
  await registerAdapter(scope, registration(id, over))
  return scope
}

export const asking = (tenantId: string, over: Partial<ExecutionBody> = {}): ExecutionBody => ({
  tenant_id: tenantId,
  workspace_id: 'default',
  adapter_id: 'coder',
  requested_capabilities: ['files.read'],
  tool_count: 1,
  ...over,
})

type Effect = PolicyDocument['effect']['decision']

/** A policy of the tenant; without more it speaks of every external agent. */
export const rule = (tenant: TestTenant, decision: Effect, over: Partial<PolicyDocument> = {}) =>
  createPolicy(tenant.scope, {
    policy_id: `p-${uuidv7(kernel().clock.now().getTime())}`,
    subject: { type: 'adapter' },
    effect: { decision },
    ...over,
  })

export const allowed = async (tenant: TestTenant, scope: Scope, over: Partial<ExecutionBody> = {}) => {
  const reply = await requestExecution(scope, asking(tenant.id, over))
  if (!reply.allowed) throw new Error(`It was not allowed: ${reply.explanation}`)
  return reply
}

export const approve = (tenant: TestTenant, decisionId: string) => resolveDecision(approver(tenant.id), decisionId, YES)

export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (isProblem(error) ? error.code : String(error)),
  )

export type Signer = { algorithm: 'ed25519' | 'ES256'; key: KeyObject; jwk: Record<string, unknown> }

export const newSigner = (algorithm: Signer['algorithm'] = 'ed25519'): Signer => {
  const pair =
    algorithm === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = pair.publicKey.export({ format: 'jwk' }) as Record<string, unknown>
  const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' })
  return { algorithm, key: createPrivateKey(pem), jwk }
}

export const withKey = async (tenant: TestTenant, signer: Signer, id = 'coder'): Promise<void> => {
  const jwk = signer.jwk as { kty: 'OKP' | 'EC'; crv: 'Ed25519' | 'P-256'; x: string }
  await putTelemetryKey(tenant.scope, { adapter_id: id, key_alg: signer.algorithm, public_jwk: jwk })
}

type Ids = { execution_id: string; trace_id: string; adapter_id?: string }

/** A signed envelope as the agents of others make it, without any code of ours but the stable JSON. */
export const envelope = (signer: Signer, type: string, ids: Ids, payload: object, over: object = {}) => {
  const head = {
    envelope_version: 'v1',
    adapter_id: 'coder',
    adapter_version: '1.0.0',
    issued_at: kernel().clock.now().toISOString(),
    ...ids,
    payload_type: type,
    payload_hash: `sha256:${createHash('sha256').update(stableJson(payload)).digest('hex')}`,
    ...over,
  }
  const bytes = Buffer.from(stableJson(head))
  const signature =
    signer.algorithm === 'ed25519'
      ? sign(null, bytes, signer.key)
      : sign('sha256', bytes, { key: signer.key, dsaEncoding: 'ieee-p1363' })
  return { ...head, payload, signature: signature.toString('base64') }
}
