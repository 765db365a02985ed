import { route } from '@/lib/http/route'
import { showDiff as show } from '@/lib/workspace'
import { diffVersions } from '@/lib/workspace/contract/version-diff'

export const GET = route(diffVersions, (scope, { params, query }) => show(scope, params.workspaceId, query))
