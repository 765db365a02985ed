import type { Scope } from '@/lib/core/scope'

/** The decision that already waits for this very action, if there is one. */
export const pendingFor = (scope: Pick<Scope, 'db' | 'clock'>, actionHash: string) =>
  scope.db.decision.findFirst({
    where: { actionHash, origin: 'run', status: 'pending', expiresAt: { gt: scope.clock.now() } },
    select: { id: true, requiredRole: true, expiresAt: true },
  })
