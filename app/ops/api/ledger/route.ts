import { listLedger as list } from '@/lib/governance'
import { opsListLedger } from '@/lib/governance/contract/ledger'
import { route } from '@/lib/http/route'

export const GET = route(opsListLedger, (scope, { query }) => list(scope, query))
