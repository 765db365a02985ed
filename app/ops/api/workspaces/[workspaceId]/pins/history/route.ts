import { route } from '@/lib/http/route'
import { pinHistory as history } from '@/lib/workspace'
import { opsPinHistory } from '@/lib/workspace/contract/environments'

export const GET = route(opsPinHistory, (scope, { params, query }) => history(scope, params.workspaceId, query))
