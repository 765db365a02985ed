import { listAdapters } from '@/lib/adapters'
import { opsListAdapters } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsListAdapters, (scope, { query }) => listAdapters(scope, query))
