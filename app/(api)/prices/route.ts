import { listPrices as list } from '@/lib/governance'
import { listPrices } from '@/lib/governance/contract/ledger'
import { route } from '@/lib/http/route'

export const GET = route(listPrices, async (_scope, { query }) => list(query))
