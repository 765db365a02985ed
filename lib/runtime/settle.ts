import type { Scope } from '@/lib/core/scope'
import { type GivenPins, type Resolved, resolveRun } from '@/lib/workspace'
import type { Place } from './place'
import type { RunRequest } from './request'

// A request whose environment has its name.
export type SettledRequest = Omit<RunRequest, 'place'> & { place: Place & { userId: string; role: string } }

// Of an evaluation: the version that it is about, all of it, and what comes with that.
type Named = { versionHash: string | undefined; pins: GivenPins | undefined }

/** Where a request runs and what it is given there. */
export const settle = async (
  scope: Scope,
  request: RunRequest,
  named?: Named,
): Promise<{ request: SettledRequest; resolved: Resolved }> => {
  const { workspaceId, environment, userId, sessionKey } = request.place
  const wish = { workspaceId, environment, userId, sessionKey, ...named }
  const resolved = await resolveRun(scope, wish)
  return { resolved, request: { ...request, place: { ...request.place, environment: resolved.environment } } }
}
