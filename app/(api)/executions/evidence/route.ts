import { executionEvidence } from '@/lib/adapters'
import { executionEvidence as executionEvidenceContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(executionEvidenceContract, (scope, { query }) => executionEvidence(scope, query.execution_id))
