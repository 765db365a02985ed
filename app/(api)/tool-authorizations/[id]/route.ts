import { getToolAuthorization } from '@/lib/adapters'
import { getToolAuthorization as getToolAuthorizationContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(getToolAuthorizationContract, (scope, { params }) => getToolAuthorization(scope, params.id))
