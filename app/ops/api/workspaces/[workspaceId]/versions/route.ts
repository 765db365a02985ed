import { route } from '@/lib/http/route'
import { listVersions as list, receiveVersion as receive } from '@/lib/workspace'
import { opsListVersions, opsSaveVersion } from '@/lib/workspace/contract/versions'

export const GET = route(opsListVersions, (scope, { params, query }) => list(scope, params.workspaceId, query))

export const POST = route(opsSaveVersion, (scope, { params, ...sent }) => receive(scope, params.workspaceId, sent))
