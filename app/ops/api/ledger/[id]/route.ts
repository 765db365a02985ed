import { explainLine } from '@/lib/governance'
import { opsExplainLedger } from '@/lib/governance/contract/ledger'
import { route } from '@/lib/http/route'

export const GET = route(opsExplainLedger, (scope, { params }) => explainLine(scope, params.id))
