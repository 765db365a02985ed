import { route } from '@/lib/http/route'
import { pinHistory as history } from '@/lib/workspace'
import { pinHistory } from '@/lib/workspace/contract/environments'

export const GET = route(pinHistory, (scope, { params, query }) => history(scope, params.workspaceId, query))
