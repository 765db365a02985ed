import { route } from '@/lib/http/route'
import { compareArms as compare, endCanary as end, setCanary as set } from '@/lib/workspace'
import { opsCompareArms, opsEndCanary, opsSetCanary } from '@/lib/workspace/contract/canary'

export const GET = route(opsCompareArms, (scope, { params, query }) => compare(scope, params.workspaceId, query))

export const POST = route(opsSetCanary, (scope, { params, body }) => set(scope, params.workspaceId, body))

export const DELETE = route(opsEndCanary, (scope, { params, query }) => end(scope, params.workspaceId, query))
