import { listToolAuthorizations } from '@/lib/adapters'
import { listToolAuthorizations as listToolAuthorizationsContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(listToolAuthorizationsContract, (scope, { query }) => listToolAuthorizations(scope, query))
