import { listBudgets as list } from '@/lib/governance'
import { opsListBudgets } from '@/lib/governance/contract/budget'
import { route } from '@/lib/http/route'

export const GET = route(opsListBudgets, (scope, { query }) => list(scope, query))
