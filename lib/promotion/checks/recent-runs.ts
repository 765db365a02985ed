import type { Scope } from '@/lib/core/scope'
import { listTraces } from '@/lib/tracing'
import type { Route } from '../candidate'

const LOOKED_AT = 100
const ANSWERS: readonly string[] = ['send', 'stream']

/** The newest runs of the target that answered somebody: no replay, no evaluation, nothing from outside. */
export const recentRuns = async (scope: Scope, { workspaceId, targetEnv }: Route, most: number): Promise<string[]> => {
  if (most === 0) return []
  const page = await listTraces(scope, {
    ...{ workspace_id: workspaceId, environment: targetEnv, origin: 'run' },
    ...{ limit: LOOKED_AT, offset: 0, view: 'summary' },
  })
  return page.traces
    .filter(({ kind, status }) => ANSWERS.includes(kind) && status !== 'running' && status !== 'paused')
    .slice(0, most)
    .map(({ id }) => id)
}
