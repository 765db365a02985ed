import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { hashSecret, PREFIX_LENGTH, SECRET_LENGTH } from '@/lib/core/fresh-key'

export { type FreshKey, hashSecret, newServiceKey } from '@/lib/core/fresh-key'

const FORM = new RegExp(`^clk_([0-9A-Za-z]{${PREFIX_LENGTH}})_[0-9A-Za-z]{${SECRET_LENGTH}}$`)

export const sameSecret = (given: string, expected: string): boolean =>
  timingSafeEqual(createHash('sha256').update(given).digest(), createHash('sha256').update(expected).digest())

export const isServiceKeyForm = (text: string): boolean => FORM.test(text)

export const keyPrefixOf = (text: string): string | null => FORM.exec(text)?.[1] ?? null

export const newSessionId = (): { text: string; hash: string } => {
  const text = randomBytes(32).toString('base64url')
  return { text, hash: hashSecret(text) }
}

type Dated = { expiresAt: Date | null; revokedAt: Date | null; rotatedAway: boolean }

export const keyState = (key: Dated, now: Date): 'active' | 'expiring' | 'expired' | 'revoked' => {
  if (key.revokedAt) return 'revoked'
  if (key.expiresAt && key.expiresAt <= now) return 'expired'
  return key.rotatedAway ? 'expiring' : 'active'
}

export const isUsable = (key: Omit<Dated, 'rotatedAway'>, now: Date): boolean =>
  key.revokedAt === null && (key.expiresAt === null || key.expiresAt > now)
