import { route } from '@/lib/http/route'
import { rollbackWorkspace } from '@/lib/promotion'
import { opsRollbackWorkspace } from '@/lib/promotion/contract'

export const POST = route(opsRollbackWorkspace, (scope, { params, body }) =>
  rollbackWorkspace(scope, params.workspaceId, body),
)
