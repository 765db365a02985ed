import type { Scope } from '@/lib/core/scope'
import { type Chosen, choosePin } from '@/lib/workspace'
import { actingAlone } from './holder'
import { type Place, placeOf } from './place'

export type Alone = { place: Place; chosen: Chosen }

/** Where a call without an agent runs: it has no use of files, but of pins and policies. */
export const settleAlone = async (
  scope: Scope,
  asked: { user_id?: string | undefined; environment?: string | undefined },
): Promise<Alone> => {
  const userId = await actingAlone(scope, asked.user_id)
  const wished = placeOf(scope, { userId, role: null, sessionKey: null }, { environment: asked.environment })
  const chosen = await choosePin(scope, wished)
  return { chosen, place: { ...wished, environment: chosen.environment } }
}
