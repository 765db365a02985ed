import { route } from '@/lib/http/route'
import { getPolicy, setPolicy } from '@/lib/retention'
import { getRetentionPolicy, setRetentionPolicy } from '@/lib/retention/contract'

export const GET = route(getRetentionPolicy, (scope) => getPolicy(scope))

export const POST = route(setRetentionPolicy, (scope, { body }) => setPolicy(scope, body))
