import { changeItem as changeItemVerb } from '@/lib/evals'
import { changeItem } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const PATCH = route(changeItem, (scope, { params, body }) => changeItemVerb(scope, params.id, body))
