import { dropRedactionRule, putRedactionRule, showRedaction } from '@/lib/governance'
import { opsDropRedaction, opsGetRedaction, opsPutRedaction } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsGetRedaction, (scope) => showRedaction(scope))

export const PUT = route(opsPutRedaction, (scope, { body }) => putRedactionRule(scope, body))

export const DELETE = route(opsDropRedaction, (scope, { query }) => dropRedactionRule(scope, query.name))
