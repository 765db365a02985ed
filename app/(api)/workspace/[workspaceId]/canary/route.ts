import { route } from '@/lib/http/route'
import { compareArms as compare, endCanary as end, setCanary as set } from '@/lib/workspace'
import { compareArms, endCanary, setCanary } from '@/lib/workspace/contract/canary'

export const GET = route(compareArms, (scope, { params, query }) => compare(scope, params.workspaceId, query))

export const POST = route(setCanary, (scope, { params, body }) => set(scope, params.workspaceId, body))

export const DELETE = route(endCanary, (scope, { params, query }) => end(scope, params.workspaceId, query))
