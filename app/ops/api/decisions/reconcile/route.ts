import { opsReconcileDecisions } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'
import { reconcileRuns } from '@/lib/runtime'

export const POST = route(opsReconcileDecisions, (scope) => reconcileRuns(scope))
