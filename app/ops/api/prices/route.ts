import { listPrices as list } from '@/lib/governance'
import { opsListPrices } from '@/lib/governance/contract/ledger'
import { route } from '@/lib/http/route'

export const GET = route(opsListPrices, async (_scope, { query }) => list(query))
