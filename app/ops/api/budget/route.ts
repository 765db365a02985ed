import { deleteBudget as remove, setBudget as set, getBudget as show } from '@/lib/governance'
import { opsDeleteBudget, opsGetBudget, opsSetBudget } from '@/lib/governance/contract/budget'
import { route } from '@/lib/http/route'

export const GET = route(opsGetBudget, (scope, { query }) => show(scope, query))

export const POST = route(opsSetBudget, (scope, { body }) => set(scope, body))

export const DELETE = route(opsDeleteBudget, (scope, { query }) => remove(scope, query))
