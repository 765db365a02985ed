import { changeItem } from '@/lib/evals'
import { opsChangeItem } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const PATCH = route(opsChangeItem, (scope, { params, body }) => changeItem(scope, params.id, body))
