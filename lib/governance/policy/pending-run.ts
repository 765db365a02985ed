import type { Scope } from '@/lib/core/scope'

type Asked = { actionHash: string; requestedBy: string }

/** The decision that this caller already waits for, about this very action. Somebody else's is not theirs to wait for. */
export const pendingFor = (scope: Pick<Scope, 'db' | 'clock'>, { actionHash, requestedBy }: Asked) =>
  scope.db.decision.findFirst({
    where: { actionHash, requestedBy, origin: 'run', status: 'pending', expiresAt: { gt: scope.clock.now() } },
    select: { id: true, requiredRole: true, expiresAt: true },
  })
