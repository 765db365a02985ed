import { route } from '@/lib/http/route'
import { enforce, namesTenant } from '@/lib/retention'
import { opsEnforceRetention } from '@/lib/retention/contract'

export const POST = route(opsEnforceRetention, (scope, { body, request }) =>
  enforce(scope, body, namesTenant(body, request.headers)),
)
