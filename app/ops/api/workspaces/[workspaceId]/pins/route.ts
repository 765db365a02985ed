import { route } from '@/lib/http/route'
import { listPins as list } from '@/lib/workspace'
import { opsListPins } from '@/lib/workspace/contract/environments'

export const GET = route(opsListPins, (scope, { params }) => list(scope, params.workspaceId))
