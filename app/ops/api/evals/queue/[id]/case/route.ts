import { itemToCase } from '@/lib/evals'
import { opsItemToCase } from '@/lib/evals/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsItemToCase, (scope, { params, body }) => itemToCase(scope, params.id, body))
