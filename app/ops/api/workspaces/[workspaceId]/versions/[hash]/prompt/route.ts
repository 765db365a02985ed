import { route } from '@/lib/http/route'
import { renderPrompt } from '@/lib/workspace'
import { opsRenderPrompt } from '@/lib/workspace/contract/workspaces'

export const POST = route(opsRenderPrompt, (scope, { params, body }) =>
  renderPrompt(scope, params.workspaceId, params.hash, body),
)
