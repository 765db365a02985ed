import { route } from '@/lib/http/route'
import { downloadVersion as download } from '@/lib/workspace'
import { downloadVersion } from '@/lib/workspace/contract/versions'

export const GET = route(downloadVersion, (scope, { params, query }) =>
  download(scope, params.workspaceId, params.hash, query.format),
)
