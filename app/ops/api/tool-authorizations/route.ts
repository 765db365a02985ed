import { listToolAuthorizations } from '@/lib/adapters'
import { opsListToolAuthorizations } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsListToolAuthorizations, (scope, { query }) => listToolAuthorizations(scope, query))
