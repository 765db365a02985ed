import { route } from '@/lib/http/route'
import { getVersion as get } from '@/lib/workspace'
import { getVersion } from '@/lib/workspace/contract/versions'

export const GET = route(getVersion, (scope, { params }) => get(scope, params.workspaceId, params.hash))
