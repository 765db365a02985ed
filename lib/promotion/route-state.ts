import type { MutateDb, ReadDb, Scope } from '@/lib/core/scope'
import { environmentsOf, homeOf, isLocked, type Pin, readPin } from '@/lib/workspace'
import type { Route } from './candidate'

// Both ends of a promotion as they are now.
export type RouteState = {
  sourceExists: boolean
  source: Pin | null
  target: Pin | null
}

/** Refuses workspaces that do not exist and those outside the caller's fence. */
export const enter = async (scope: Scope, workspaceId: string): Promise<string> =>
  (await homeOf(scope, workspaceId)).workspaceId

export const stateOf = async (scope: Scope, { workspaceId, sourceEnv, targetEnv }: Route): Promise<RouteState> => {
  const environments = await environmentsOf(scope, workspaceId)
  return {
    sourceExists: environments.some(({ name }) => name === sourceEnv),
    source: await readPin(scope, workspaceId, sourceEnv),
    target: await readPin(scope, workspaceId, targetEnv),
  }
}

export const isTargetLocked = (db: ReadDb | MutateDb, { workspaceId, targetEnv }: Route): Promise<boolean> =>
  isLocked(db, workspaceId, targetEnv)
