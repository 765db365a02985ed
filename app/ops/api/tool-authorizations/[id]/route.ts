import { getToolAuthorization } from '@/lib/adapters'
import { opsGetToolAuthorization } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsGetToolAuthorization, (scope, { params }) => getToolAuthorization(scope, params.id))
