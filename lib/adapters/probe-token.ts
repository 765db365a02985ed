import { mintAdapterToken } from '@/lib/auth'
import type { Scope } from '@/lib/core/scope'
import { toWire } from '@/lib/shared/time'
import { Capability } from './contract/adapter'
import { textsIn } from './present'
import { findAdapter } from './store'

const PROBE_SECONDS = 300
const DEFAULT_WORKSPACE = 'default'

type Wish = { adapter_id: string; environment?: string | undefined; capabilities?: string | undefined }

const named = (list: string): string[] =>
  [...new Set(list.split(',').map((name) => name.trim()))].filter((name) => Capability.safeParse(name).success)

/** With it a person is an external agent for five minutes, and never the one who approves what that agent asks. */
export const probeToken = async (scope: Scope, { adapter_id: adapterId, environment, capabilities }: Wish) => {
  const known = await findAdapter(scope.db, adapterId)
  const allowed = capabilities === undefined ? textsIn(known?.capabilities) : named(capabilities)
  const workspaceId = scope.workspaceId ?? scope.identity.workspaceIds?.[0] ?? DEFAULT_WORKSPACE
  const about = { adapter_id: adapterId, workspace_id: workspaceId, allowed_capabilities: allowed }
  const { token, expiresAt } = mintAdapterToken(
    {
      adapterId,
      tenantId: scope.tenantId,
      workspaceId,
      capabilities: allowed,
      userId: scope.identity.userId,
      ...(environment === undefined ? {} : { environment }),
    },
    PROBE_SECONDS,
  )
  await scope.command({
    audit: [{ event: 'config_change', entityId: adapterId, workspaceId, data: { kind: 'adapter_token', ...about } }],
  })
  return {
    token,
    token_type: 'X-Adapter-Token' as const,
    ...about,
    tenant_id: scope.tenantId,
    expires_at: toWire(expiresAt),
  }
}
