import type { JWTPayload } from 'jose'
import { kernel } from '@/lib/core/kernel'
import { TenantId, WorkspaceId } from '@/lib/shared/id'
import { Problem } from '@/lib/shared/problem'

export type AdapterClaims = {
  adapterId: string
  tenantId: string
  workspaceId: string
  capabilities: readonly string[]
  // Where the token is for one environment alone.
  environment?: string
  // The person that it was made for: never the one who approves what it asks.
  userId: string | null
}

const MOST_CAPABILITIES = 200
const LONGEST = 200

export const refuseAdapter = (message: string): never => {
  throw new Problem('invalid_token', message)
}

const lacks = (claim: string): never => {
  throw new Problem('missing_claim', `The adapter token lacks the claim ${claim}.`, { claim })
}

const named = (value: unknown, claim: string, schema: typeof TenantId): string => {
  const parsed = schema.safeParse(value)
  return parsed.success ? parsed.data : refuseAdapter(`The claim ${claim} of the adapter token cannot be read.`)
}

// In production a token says whose it is; elsewhere a local agent may leave it out.
const placed = (value: unknown, claim: string, local: string): string => {
  if (value !== undefined && value !== '') return named(value, claim, TenantId)
  return kernel().env.isProduction ? lacks(claim) : local
}

const capabilitiesOf = (value: unknown): readonly string[] => {
  if (value === undefined) return lacks('allowed_capabilities')
  const isList =
    Array.isArray(value) &&
    value.length <= MOST_CAPABILITIES &&
    value.every((one) => typeof one === 'string' && one !== '' && one.length <= LONGEST)
  return isList ? [...new Set(value as string[])] : refuseAdapter('The claim allowed_capabilities cannot be read.')
}

/** What a token that was verified says of its holder. */
export const adapterClaims = (payload: JWTPayload): AdapterClaims => {
  const { CLASPER_LOCAL_TENANT_ID: tenant, CLASPER_LOCAL_WORKSPACE_ID: workspace } = kernel().env
  if (payload['type'] !== 'adapter') return refuseAdapter('The token is not an adapter token.')
  const adapterId = named(payload['adapter_id'] ?? lacks('adapter_id'), 'adapter_id', WorkspaceId)
  if (payload.sub !== undefined && payload.sub !== `adapter:${adapterId}`)
    return refuseAdapter('The subject of the adapter token is another adapter.')
  const { environment, on_behalf_of: userId } = payload
  return {
    adapterId,
    tenantId: placed(payload['tenant_id'], 'tenant_id', tenant),
    workspaceId: placed(payload['workspace_id'], 'workspace_id', workspace),
    capabilities: capabilitiesOf(payload['allowed_capabilities']),
    ...(typeof environment === 'string' && environment !== '' ? { environment: environment.slice(0, 64) } : {}),
    userId: typeof userId === 'string' && userId !== '' ? userId.slice(0, 256) : null,
  }
}
