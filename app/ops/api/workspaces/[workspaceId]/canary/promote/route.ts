import { route } from '@/lib/http/route'
import { promoteCanary as promote } from '@/lib/workspace'
import { opsPromoteCanary } from '@/lib/workspace/contract/canary'

export const POST = route(opsPromoteCanary, (scope, { params, body }) => promote(scope, params.workspaceId, body))
