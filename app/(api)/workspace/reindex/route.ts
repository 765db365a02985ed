import { route } from '@/lib/http/route'
import { reindexWorkspace as reindex } from '@/lib/workspace'
import { reindexWorkspace } from '@/lib/workspace/contract'

export const POST = route(reindexWorkspace, (scope) => reindex(scope))
