import type { PinSet } from '@/lib/workspace'
import { shortHash, viewOf } from './candidate'
import type { PromotionRow } from './store'

type Named = Pick<PromotionRow, 'id' | 'workspaceId' | 'sourceEnv' | 'targetEnv'>

type Told = { action: string; next: PinSet; before: PinSet | null; kind?: 'promotion' | 'rollback' }

/** What every audit row of a promotion says. */
export const factsOf = (row: Named, { action, next, before, kind = 'promotion' }: Told) => ({
  kind,
  action,
  promotion_id: row.id,
  source_env: row.sourceEnv,
  target_env: row.targetEnv,
  environment: row.targetEnv,
  version_hash: shortHash(next.versionHash),
  previous_version_hash: before && shortHash(before.versionHash),
  before: before && viewOf(before),
  after: viewOf(next),
})

export const aboutOf = (row: Named) =>
  ({ event: 'workspace_change', entityId: row.id, workspaceId: row.workspaceId }) as const
