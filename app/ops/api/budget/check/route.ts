import { checkBudget as check } from '@/lib/governance'
import { opsAskBudget, opsCheckBudget } from '@/lib/governance/contract/budget'
import { route } from '@/lib/http/route'

export const GET = route(opsCheckBudget, (scope, { query }) => check(scope, query))

export const POST = route(opsAskBudget, (scope, { body }) => check(scope, body))
