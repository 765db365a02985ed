import { revokeKey } from '@/lib/auth'
import { revokeKey as revoke } from '@/lib/auth/contract'
import { route } from '@/lib/http/route'

export const DELETE = route(revoke, (scope, { params }) => revokeKey(scope, params.id))
