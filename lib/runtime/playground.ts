import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { resolveModel } from '@/lib/providers'
import type { BodyOf, QueryOf, ReplyOf } from '@/lib/shared/contract'
import { listWorkspaces, offeredEnvironments, resolveRun, rolesIn } from '@/lib/workspace'
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

const userOf = (scope: Scope): string => (scope.identity.userId ?? scope.actor).replaceAll(':', '_')

export const playground = async (
  scope: Scope,
  { workspace_id: wished, environment }: QueryOf<typeof opsPlayground>,
): Promise<ReplyOf<typeof opsPlayground>> => {
  const id = wished ?? scope.workspaceId ?? DEFAULT_WORKSPACE
  const [workspaces, resolved] = await Promise.all([
    listWorkspaces(scope),
    resolveRun(scope, { workspaceId: id, environment, userId: userOf(scope) }),
  ])
  const { bundle } = resolved
  return {
    workspaces,
    workspace_id: id,
    workspace_hash: bundle.hash,
    environment: resolved.environment,
    environments: await offeredEnvironments(scope, id),
    roles: ['agent', ...rolesIn(bundle.folder.paths).filter((role) => role !== 'agent')],
    models: offeredModels(),
  }
}

// A person tries an agent out as themselves: nothing is posted unless they name a task.
export const tryOut = (scope: Scope, body: BodyOf<typeof opsStream>) => {
  const user = userOf(scope)
  const { role, workspace_id: workspace, environment, ...rest } = body
  const request = requestOf(
    scope,
    {
      ...rest,
      user_id: user,
      session_key: `user:${user}:${role}`,
      metadata: {
        type: 'playground',
        ...(workspace === undefined ? {} : { workspace_id: workspace }),
        ...(environment === undefined ? {} : { environment }),
      },
    },
    { kind: 'stream', needsTask: false },
  )
  // The operator's own default task is for backends.
  return streamRun(scope, body.task_title === undefined ? { ...request, task: null } : request)
}
