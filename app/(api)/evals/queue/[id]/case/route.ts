import { itemToCase as itemToCaseVerb } from '@/lib/evals'
import { itemToCase } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const POST = route(itemToCase, (scope, { params, body }) => itemToCaseVerb(scope, params.id, body))
