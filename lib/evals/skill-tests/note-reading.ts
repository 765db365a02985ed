import { seesTexts } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'

const MOST_NAMED = 50

/** Whoever reads in the console what runs said leaves a row. */
export const noteReading = async (scope: Scope, ids: readonly string[]): Promise<void> => {
  const [first] = ids
  if (scope.identity.plane !== 'ops' || !seesTexts(scope) || first === undefined) return
  const data = { by: 'skill_tests', parts: ids.slice(0, MOST_NAMED) }
  await scope.command({ audit: [{ event: 'trace_revealed', entityId: first, data }] })
}
