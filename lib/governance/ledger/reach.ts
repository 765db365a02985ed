import { reachOf } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { subjectOf, WHOLE_TENANT } from './budget-key'

const refused = (key: string): never => {
  throw new Problem('workspace_access_denied', undefined, { scope: key })
}

const isOwn = (scope: Scope, key: string): boolean => {
  const { workspaces, user } = reachOf(scope)
  const subject = subjectOf(key)
  if (user !== null) return subject.kind === 'user' && subject.userId === user
  if (workspaces === null) return true
  const workspaceId = 'workspaceId' in subject ? subject.workspaceId : null
  return workspaceId !== null && workspaces.includes(workspaceId)
}

// Whoever spends the tenant's money may see how much of it is left.
export const maySee = (scope: Scope, key: string): boolean => key === WHOLE_TENANT || isOwn(scope, key)

export const assertMaySee = (scope: Scope, key: string): void => {
  if (!maySee(scope, key)) refused(key)
}

export const assertMayChange = (scope: Scope, key: string): void => {
  if (!isOwn(scope, key)) refused(key)
}

/** Sums over the whole tenant are for those who may see all of it. */
export const assertWholeTenant = (scope: Scope): void => {
  const { workspaces, user } = reachOf(scope)
  if (workspaces !== null || user !== null) refused(WHOLE_TENANT)
}
