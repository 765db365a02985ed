import { listAdapters } from '@/lib/adapters'
import { listAdapters as listAdaptersContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(listAdaptersContract, (scope, { query }) => listAdapters(scope, query))
