import { route } from '@/lib/http/route'
import { promoteCanary as promote } from '@/lib/workspace'
import { promoteCanary } from '@/lib/workspace/contract/canary'

export const POST = route(promoteCanary, (scope, { params, body }) => promote(scope, params.workspaceId, body))
