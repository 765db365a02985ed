import { route } from '@/lib/http/route'
import { listPins as list } from '@/lib/workspace'
import { listPins } from '@/lib/workspace/contract/environments'

export const GET = route(listPins, (scope, { params }) => list(scope, params.workspaceId))
