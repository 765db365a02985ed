import { route } from '@/lib/http/route'
import { showDiff as show } from '@/lib/workspace'
import { opsDiffVersions } from '@/lib/workspace/contract/version-diff'

export const GET = route(opsDiffVersions, (scope, { params, query }) => show(scope, params.workspaceId, query))
