import { route } from '@/lib/http/route'
import { showImpact as show } from '@/lib/workspace'
import { opsWorkspaceImpact } from '@/lib/workspace/contract/impact'

export const POST = route(opsWorkspaceImpact, (scope, { body }) => show(scope, body))
