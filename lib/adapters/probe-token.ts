import { mintAdapterToken } from '@/lib/auth'
import type { Scope } from '@/lib/core/scope'
import { toWire } from '@/lib/shared/time'
import { Capability, type IssueTokenBody } from './contract/adapter'
import { textsIn } from './present'
import { findAdapter } from './store'

const PROBE_SECONDS = 300
const TOKEN_SECONDS = 2 * 3600
const DEFAULT_WORKSPACE = 'default'

type Grant = { adapterId: string; capabilities: readonly string[]; environment?: string | undefined; seconds: number }

// Whom it was made for never approves what is asked with it.
const issued = async (scope: Scope, { adapterId, capabilities, environment, seconds }: Grant) => {
  const workspaceId = scope.workspaceId ?? scope.identity.workspaceIds?.[0] ?? DEFAULT_WORKSPACE
  const about = { adapter_id: adapterId, workspace_id: workspaceId, allowed_capabilities: [...capabilities] }
  const place = { tenantId: scope.tenantId, workspaceId, ...(environment === undefined ? {} : { environment }) }
  const { token, expiresAt } = mintAdapterToken(
    { adapterId, capabilities, ...place, userId: scope.identity.userId },
    seconds,
  )
  const data = { kind: 'adapter_token', ...about, seconds }
  await scope.command({ audit: [{ event: 'config_change', entityId: adapterId, workspaceId, data }] })
  return {
    token,
    token_type: 'X-Adapter-Token' as const,
    ...about,
    tenant_id: scope.tenantId,
    expires_at: toWire(expiresAt),
  }
}

const named = (list: string): string[] =>
  [...new Set(list.split(',').map((name) => name.trim()))].filter((name) => Capability.safeParse(name).success)

type Wish = { adapter_id: string; environment?: string | undefined; capabilities?: string | undefined }

/** With it a person is an external agent for five minutes. */
export const probeToken = async (scope: Scope, { adapter_id: adapterId, environment, capabilities }: Wish) => {
  const known = await findAdapter(scope.db, adapterId)
  const allowed = capabilities === undefined ? textsIn(known?.capabilities) : named(capabilities)
  return issued(scope, { adapterId, capabilities: allowed, environment, seconds: PROBE_SECONDS })
}

/** For those who run agents and do not hold the secret that tokens are signed with. */
export const issueAdapterToken = (scope: Scope, body: IssueTokenBody) =>
  issued(scope, {
    adapterId: body.adapter_id,
    capabilities: [...new Set(body.allowed_capabilities)],
    environment: body.environment,
    seconds: TOKEN_SECONDS,
  })
