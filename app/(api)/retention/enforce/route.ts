import { route } from '@/lib/http/route'
import { enforce, namesTenant } from '@/lib/retention'
import { enforceRetention } from '@/lib/retention/contract'

export const POST = route(enforceRetention, (scope, { body, request }) =>
  enforce(scope, body, namesTenant(body, request.headers)),
)
