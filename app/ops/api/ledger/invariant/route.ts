import { proveLedger as prove } from '@/lib/governance'
import { opsProveLedger } from '@/lib/governance/contract/ledger'
import { route } from '@/lib/http/route'

export const GET = route(opsProveLedger, (scope) => prove(scope))
