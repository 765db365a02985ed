import { route } from '@/lib/http/route'
import { getVersionFile as get } from '@/lib/workspace'
import { getVersionFile } from '@/lib/workspace/contract/versions'

export const GET = route(getVersionFile, (scope, { params, query }) =>
  get(scope, params.workspaceId, params.hash, query.path),
)
