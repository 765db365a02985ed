import type { Scope } from '@/lib/core/scope'
import { isUuid } from '@/lib/shared/id'
import { textOf } from './claim'
import type { Placed } from './decode-traces'
import { findOwnRuns } from './store'

const KEY = 'clasper.run_id'
const runOf = ({ span }: Placed): string | null => {
  const id = textOf(span.attributes[KEY]) ?? textOf(span.resource[KEY])
  return id !== null && isUuid(id) ? id.toLowerCase() : null
}

// Runs of this installation that an export leads back into it: they are recorded here already.
export const withoutOwnRuns = async (
  scope: Scope,
  placed: readonly Placed[],
): Promise<{ kept: Placed[]; own: Placed[] }> => {
  const named = [...new Set(placed.map(runOf).filter((id) => id !== null))]
  const ours = await findOwnRuns(scope.db, named)
  const isOwn = (item: Placed): boolean => ours.has(runOf(item) ?? '')
  return { kept: placed.filter((item) => !isOwn(item)), own: placed.filter(isOwn) }
}
