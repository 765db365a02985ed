import { deleteBudget as remove, setBudget as set, getBudget as show } from '@/lib/governance'
import { deleteBudget, getBudget, setBudget } from '@/lib/governance/contract/budget'
import { route } from '@/lib/http/route'

export const GET = route(getBudget, (scope, { query }) => show(scope, query))

export const POST = route(setBudget, (scope, { body }) => set(scope, body))

export const DELETE = route(deleteBudget, (scope, { query }) => remove(scope, query))
