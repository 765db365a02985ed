import { createHash } from 'node:crypto'
import type { Canary } from './pin-set'

export type Arm = 'stable' | 'canary'

export type Bucketed = { userId?: string | null | undefined; sessionKey?: string | null | undefined }

const BUCKETS = 100

/** Where somebody stands between 0 and 99, for as long as the pin has its id. */
export const bucketOf = (pinId: string, who: string): number =>
  createHash('sha256').update(`${pinId}:${who}`).digest().readUInt32BE(0) % BUCKETS

/** The same person gets the same arm, and more percent only ever adds people. Who cannot be told apart stays stable. */
export const armOf = (
  pinId: string,
  canary: Pick<Canary, 'percent' | 'users'>,
  { userId, sessionKey }: Bucketed,
): Arm => {
  if (userId && canary.users.includes(userId)) return 'canary'
  const who = userId || sessionKey
  if (!who) return 'stable'
  return bucketOf(pinId, who) < canary.percent ? 'canary' : 'stable'
}
