import type { Scope } from '@/lib/core/scope'
import { uuidv7 } from '@/lib/shared/id'
import { isTraceTaken } from '@/lib/tracing'

// A wished id that some trace has already is kept as what the caller calls this; the trace gets an id of its own.
export const renameTrace = (scope: Scope): void => {
  scope.correlationId = scope.traceId
  scope.retrace(uuidv7(scope.clock.now().getTime()))
}

export const nameTrace = async (scope: Scope): Promise<void> => {
  if (scope.isTraceWished && (await isTraceTaken(scope, scope.traceId))) renameTrace(scope)
}
