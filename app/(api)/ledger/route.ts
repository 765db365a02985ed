import { listLedger as list } from '@/lib/governance'
import { listLedger } from '@/lib/governance/contract/ledger'
import { route } from '@/lib/http/route'

export const GET = route(listLedger, (scope, { query }) => list(scope, query))
