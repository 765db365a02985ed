import { route } from '@/lib/http/route'
import { listVersionFiles as list } from '@/lib/workspace'
import { opsListVersionFiles } from '@/lib/workspace/contract/versions'

export const GET = route(opsListVersionFiles, (scope, { params }) => list(scope, params.workspaceId, params.hash))
