import { evaluateOwn } from '@/lib/adapters'
import { evaluatePolicy } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const POST = route(evaluatePolicy, (scope, { body }) => evaluateOwn(scope, body))
