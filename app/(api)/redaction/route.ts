import { dropRedactionRule, putRedactionRule, showRedaction } from '@/lib/governance'
import { dropRedaction, getRedaction, putRedaction } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(getRedaction, (scope) => showRedaction(scope))

export const PUT = route(putRedaction, (scope, { body }) => putRedactionRule(scope, body))

export const DELETE = route(dropRedaction, (scope, { query }) => dropRedactionRule(scope, query.name))
