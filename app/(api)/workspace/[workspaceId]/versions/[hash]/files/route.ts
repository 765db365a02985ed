import { route } from '@/lib/http/route'
import { listVersionFiles as list } from '@/lib/workspace'
import { listVersionFiles } from '@/lib/workspace/contract/versions'

export const GET = route(listVersionFiles, (scope, { params }) => list(scope, params.workspaceId, params.hash))
