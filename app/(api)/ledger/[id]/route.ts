import { explainLine } from '@/lib/governance'
import { explainLedger } from '@/lib/governance/contract/ledger'
import { route } from '@/lib/http/route'

export const GET = route(explainLedger, (scope, { params }) => explainLine(scope, params.id))
