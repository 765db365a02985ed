import { route } from '@/lib/http/route'
import { getPolicy, setPolicy } from '@/lib/retention'
import { opsGetRetentionPolicy, opsSetRetentionPolicy } from '@/lib/retention/contract'

export const GET = route(opsGetRetentionPolicy, (scope) => getPolicy(scope))

export const POST = route(opsSetRetentionPolicy, (scope, { body }) => setPolicy(scope, body))
