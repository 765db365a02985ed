import { z } from 'zod'
import { opsListPromotions, PromotionFilter } from '@/lib/promotion/contract'
import type { Wire } from '@/lib/shared/api-client'
import { WorkspaceId } from '@/lib/shared/id'

const { params: _params, ...rest } = opsListPromotions

// The page knows by its address which workspace it is about; the call has it in its path.
export const promotionsPage = {
  ...rest,
  query: PromotionFilter.extend({ workspace_id: WorkspaceId.optional() }),
}

export const promotionPage = { ...rest, query: z.object({ workspace_id: WorkspaceId.optional() }) }

export const callWire = ({ workspace_id: _workspace, ...wire }: Wire): Wire => wire
