import { checkBudget as check } from '@/lib/governance'
import { askBudget, checkBudget } from '@/lib/governance/contract/budget'
import { route } from '@/lib/http/route'

export const GET = route(checkBudget, (scope, { query }) => check(scope, query))

export const POST = route(askBudget, (scope, { body }) => check(scope, body))
