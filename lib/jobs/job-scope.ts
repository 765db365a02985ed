import { kernel } from '@/lib/core/kernel'
import { createScope, type Identity, type Scope } from '@/lib/core/scope'
import { uuidv7 } from '@/lib/shared/id'

const identityOf = (actor: string, tenantId: string): Identity => ({
  plane: 'job',
  actor,
  userId: null,
  tenantId,
  allowedTenants: [],
  workspaceIds: null,
  role: null,
  roles: [],
  permissions: new Set(),
  scopes: new Set(),
  credentialId: actor,
})

export const jobScope = (kind: string, tenantId: string, signal = new AbortController().signal): Scope => {
  const { clock, log } = kernel()
  const now = clock.now().getTime()
  const requestId = uuidv7(now)
  return createScope({
    identity: identityOf(`system:${kind}`, tenantId),
    tenantId,
    requestId,
    traceId: uuidv7(now),
    signal,
    log: log.child({ requestId, tenant: tenantId, job: kind }),
  })
}
