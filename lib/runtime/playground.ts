import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { resolveModel } from '@/lib/providers'
import type { BodyOf, ReplyOf } from '@/lib/shared/contract'
import { listWorkspaces, loadBundle, rolesIn } from '@/lib/workspace'
import type { opsPlayground, opsStream } from './contract'
import { requestOf } from './request'
import { streamRun } from './stream'

const DEFAULT_WORKSPACE = 'default'

// What the configuration names, the default first.
const offeredModels = () => {
  const { env } = kernel()
  const wished = [env.LLM_MODEL_DEFAULT, env.LLM_MODEL_CHEAP, env.LLM_MODEL_BEST, env.LLM_MODEL_FALLBACK]
  const models = wished.filter((name) => name !== '').map((name) => resolveModel(name))
  const first = models[0]
  return [...new Map(models.map((model) => [model.name, model])).values()].map((model) => ({
    name: model.name,
    provider: model.provider,
    is_default: model.name === first?.name,
    is_demo: model.isDemo,
  }))
}

export const playground = async (
  scope: Scope,
  { workspace_id: wished }: { workspace_id?: string | undefined },
): Promise<ReplyOf<typeof opsPlayground>> => {
  const id = wished ?? scope.workspaceId ?? DEFAULT_WORKSPACE
  const [workspaces, bundle] = await Promise.all([listWorkspaces(scope), loadBundle(scope, id)])
  return {
    workspaces,
    workspace_id: id,
    workspace_hash: bundle.hash,
    roles: ['agent', ...rolesIn(bundle.folder.paths).filter((role) => role !== 'agent')],
    models: offeredModels(),
  }
}

// A person tries an agent out as themselves: nothing is posted unless they name a task.
export const tryOut = (scope: Scope, body: BodyOf<typeof opsStream>) => {
  const user = (scope.identity.userId ?? scope.actor).replaceAll(':', '_')
  const { role, workspace_id: workspace, ...rest } = body
  const request = requestOf(
    scope,
    {
      ...rest,
      user_id: user,
      session_key: `user:${user}:${role}`,
      metadata: { type: 'playground', ...(workspace === undefined ? {} : { workspace_id: workspace }) },
    },
    { kind: 'stream', needsTask: false },
  )
  // The operator's own default task is for backends.
  return streamRun(scope, body.task_title === undefined ? { ...request, task: null } : request)
}
