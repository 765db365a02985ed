import { route } from '@/lib/http/route'
import { showImpact as show } from '@/lib/workspace'
import { workspaceImpact } from '@/lib/workspace/contract/impact'

export const POST = route(workspaceImpact, (scope, { body }) => show(scope, body))
