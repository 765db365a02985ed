import { createKey } from '@/lib/auth'
import { GINA } from '../people'
import type { Teller } from '../story'

const HOUR = 3_600_000

export const quietTenant = async (teller: Teller): Promise<void> => {
  await teller.tenant('globex', 'Globex')
  await teller.as(GINA).command({
    audit: [{ event: 'auth_success', entityId: GINA.id, data: { action: 'sign_in', method: 'oidc', role: GINA.role } }],
  })
  teller.advance(3 * HOUR)
  await createKey(teller.as(GINA), {
    name: 'helpdesk',
    scopes: ['run', 'read'],
    workspace_ids: [],
    expires_in_days: 180,
    tenant_mode: 'fixed',
    allowed_tenants: [],
  })
}
