import { listBudgets as list } from '@/lib/governance'
import { listBudgets } from '@/lib/governance/contract/budget'
import { route } from '@/lib/http/route'

export const GET = route(listBudgets, (scope, { query }) => list(scope, query))
