import { route } from '@/lib/http/route'
import { eraseUser } from '@/lib/retention'
import { opsEraseUser } from '@/lib/retention/contract'

export const POST = route(opsEraseUser, (scope, { body }) => eraseUser(scope, body))
