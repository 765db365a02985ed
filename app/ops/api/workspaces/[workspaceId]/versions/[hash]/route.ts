import { route } from '@/lib/http/route'
import { getVersion as get } from '@/lib/workspace'
import { opsGetVersion } from '@/lib/workspace/contract/versions'

export const GET = route(opsGetVersion, (scope, { params }) => get(scope, params.workspaceId, params.hash))
