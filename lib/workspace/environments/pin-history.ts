import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { encodeCursor } from '@/lib/shared/page'
import { toWire } from '@/lib/shared/time'
import { homeOf } from '../load-bundle'
import { presentChange } from './present'
import { findChanges } from './store'

type Wanted = { environment?: string | undefined; limit: number; cursor?: [string, string] | undefined }

/** Every change of a pin, newest first, also of environments whose pin is gone. */
export const pinHistory = async (scope: Scope, id: string, { environment, limit, cursor }: Wanted) => {
  const { workspaceId } = await homeOf(scope, id)
  const before = cursor && { at: dateOf(cursor[0]), id: cursor[1] }
  const rows = await findChanges(scope.db, {
    workspaceId,
    environment,
    limit: limit + 1,
    ...(before === undefined ? {} : { before }),
  })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const hasMore = rows.length > limit
  return {
    workspace_id: workspaceId,
    changes: shown.map(presentChange),
    has_more: hasMore,
    next_cursor: hasMore && last ? encodeCursor([toWire(last.changedAt), last.id]) : null,
  }
}
