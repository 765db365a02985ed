import { route } from '@/lib/http/route'
import { executeNow } from '@/lib/promotion'
import { opsExecuteNow } from '@/lib/promotion/contract'

export const POST = route(opsExecuteNow, (scope, { params, body }) => executeNow(scope, params.workspaceId, body))
