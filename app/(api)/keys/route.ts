import { createKey, listKeys } from '@/lib/auth'
import { createKey as create, listKeys as list } from '@/lib/auth/contract'
import { route } from '@/lib/http/route'

export const GET = route(list, (scope) => listKeys(scope))
export const POST = route(create, (scope, { body }) => createKey(scope, body))
