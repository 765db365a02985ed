import { rotateKey } from '@/lib/auth'
import { rotateKey as rotate } from '@/lib/auth/contract'
import { route } from '@/lib/http/route'

export const POST = route(rotate, (scope, { params, body }) => rotateKey(scope, params.id, body))
