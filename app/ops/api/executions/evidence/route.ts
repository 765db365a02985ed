import { executionEvidence } from '@/lib/adapters'
import { opsExecutionEvidence } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsExecutionEvidence, (scope, { query }) => executionEvidence(scope, query.execution_id))
