import { listReceipts } from '@/lib/governance'
import { opsListReceipts } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsListReceipts, (scope, { query }) => listReceipts(scope, query))
