import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import type { PromoteEnvironment } from './contract'
import { promoteNow } from './execute-now'
import { enter, isTargetLocked, stateOf } from './route-state'

const NEXT: Readonly<Record<string, string>> = { dev: 'staging', staging: 'prod' }

const failed = (message: string, source: string, target: string | null): never => {
  throw new Problem('promotion_failed', undefined, undefined, {
    body: { message, source_env: source, target_env: target },
  })
}

/** From one environment to the next, with all that the gates ask. */
export const promoteEnvironment = async (scope: Scope, body: PromoteEnvironment) => {
  const { source_env: source } = body
  const target = body.target_env ?? NEXT[source] ?? failed(`No environment follows ${source}: name one.`, source, null)
  if (source === target) failed('Source and target are the same environment.', source, target)
  const route = { workspaceId: await enter(scope, body.workspace_id), sourceEnv: source, targetEnv: target }
  const state = await stateOf(scope, route)
  if (!state.sourceExists) failed(`The environment ${source} does not exist.`, source, target)
  if (state.source === null) failed(`Nothing is pinned in ${source}.`, source, target)
  if (await isTargetLocked(scope.db, route)) failed(`${target} is locked.`, source, target)
  const annotation = { key: 'promoted_by', value: scope.actor }
  const done = await promoteNow(scope, route, { annotation })
  const told = { source_env: source, target_env: target, version_hash: done.versionHash }
  return {
    status: done.status,
    promotion: { ...told, id: done.id },
    result: { ...told, success: done.status === 'ok' },
  }
}
