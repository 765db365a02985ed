import { proveLedger as prove } from '@/lib/governance'
import { proveLedger } from '@/lib/governance/contract/ledger'
import { route } from '@/lib/http/route'

export const GET = route(proveLedger, (scope) => prove(scope))
