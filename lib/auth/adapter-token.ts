import { createHmac, randomUUID } from 'node:crypto'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { mayInvent, secretsKey } from '@/lib/core/local-secrets'
import type { Identity } from '@/lib/core/scope'
import { isProblem, Problem } from '@/lib/shared/problem'
import { type AdapterClaims, adapterClaims, refuseAdapter } from './adapter-claims'
import { auditFailure } from './failures'
import type { GuardVisit } from './guard-visit'
import { type HmacRules, signClaims, verifyClaims } from './hmac-token'
import { adapterIdentity } from './identities'

const ADAPTER_SECONDS = 2 * 3600

const invented = (): string => createHmac('sha256', secretsKey()).update('adapter-token').digest('base64url')

const rulesOf = (): HmacRules => {
  const { ADAPTER_JWT_SECRET: given, ADAPTER_JWT_ALGORITHM: algorithm } = kernel().env
  const secret = given === '' && mayInvent() ? invented() : given
  if (secret === '') throw new Problem('config_error', 'ADAPTER_JWT_SECRET is not set.')
  return { secret, algorithm }
}

const verified = async (token: string): Promise<AdapterClaims> => {
  const payload = await verifyClaims(token, rulesOf(), kernel().clock)
  return adapterClaims(payload ?? refuseAdapter('The adapter token is not valid.'))
}

export const adapterHolder = async (request: Request, visit: GuardVisit): Promise<Identity> => {
  const token = request.headers.get('x-adapter-token')
  if (!token) throw new Problem('missing_token', 'X-Adapter-Token is required.')
  try {
    return adapterIdentity(await verified(token))
  } catch (error) {
    if (isProblem(error) && error.code !== 'config_error')
      await auditFailure(visit, { method: 'adapter_token', reason: error.code })
    throw error
  }
}

/** A token for an agent that runs elsewhere, as whoever holds the secret can make it. */
export const mintAdapterToken = (
  claims: AdapterClaims,
  seconds: number = ADAPTER_SECONDS,
): { token: string; expiresAt: Date } => {
  const issued = Math.floor(kernel().clock.now().getTime() / 1000)
  const payload = {
    type: 'adapter',
    adapter_id: claims.adapterId,
    tenant_id: claims.tenantId,
    workspace_id: claims.workspaceId,
    allowed_capabilities: claims.capabilities,
    ...(claims.environment === undefined ? {} : { environment: claims.environment }),
    ...(claims.userId === null ? {} : { on_behalf_of: claims.userId }),
    sub: `adapter:${claims.adapterId}`,
    jti: randomUUID(),
    iat: issued,
    exp: issued + seconds,
  }
  return { token: signClaims(payload, rulesOf()), expiresAt: dateOf((issued + seconds) * 1000) }
}
