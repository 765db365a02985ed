import { explain } from '@/lib/auth'
import { opsExplain } from '@/lib/auth/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsExplain, (scope, { query }) => explain(scope.identity, query))
