import { listEvals } from '@/lib/evals'
import { opsListEvals } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsListEvals, (scope, { query }) => listEvals(scope, query))
