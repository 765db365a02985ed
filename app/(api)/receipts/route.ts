import { listReceipts as list } from '@/lib/governance'
import { listReceipts } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(listReceipts, (scope, { query }) => list(scope, query))
