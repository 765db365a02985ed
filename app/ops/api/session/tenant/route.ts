import { switchTenant } from '@/lib/auth'
import { opsSwitchTenant } from '@/lib/auth/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsSwitchTenant, (scope, { body }) => switchTenant(scope, body.tenant_id))
