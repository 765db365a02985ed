import { route } from '@/lib/http/route'
import { listVersions as list, receiveVersion as receive } from '@/lib/workspace'
import { listVersions, saveVersion } from '@/lib/workspace/contract/versions'

export const GET = route(listVersions, (scope, { params, query }) => list(scope, params.workspaceId, query))

export const POST = route(saveVersion, (scope, { params, ...sent }) => receive(scope, params.workspaceId, sent))
