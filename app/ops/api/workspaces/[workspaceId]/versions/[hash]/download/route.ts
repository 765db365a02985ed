import { route } from '@/lib/http/route'
import { downloadVersion as download } from '@/lib/workspace'
import { opsDownloadVersion } from '@/lib/workspace/contract/versions'

export const GET = route(opsDownloadVersion, (scope, { params, query }) =>
  download(scope, params.workspaceId, params.hash, query.format),
)
