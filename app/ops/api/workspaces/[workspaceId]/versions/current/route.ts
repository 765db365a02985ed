import { route } from '@/lib/http/route'
import { saveCurrent } from '@/lib/workspace'
import { opsSaveCurrent } from '@/lib/workspace/contract/workspaces'

export const POST = route(opsSaveCurrent, (scope, { params, body }) => saveCurrent(scope, params.workspaceId, body))
