import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const PREFIX_LENGTH = 8
const SECRET_LENGTH = 43
const FORM = new RegExp(`^clk_([0-9A-Za-z]{${PREFIX_LENGTH}})_[0-9A-Za-z]{${SECRET_LENGTH}}$`)
const FAIR = 256 - (256 % ALPHABET.length)

// Letters and digits only, so that a double click selects the whole key; 43 of them hold 256 bits.
const randomText = (length: number): string => {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length))
      if (byte < FAIR && text.length < length) text += ALPHABET[byte % ALPHABET.length]
  }
  return text
}

// A slow hash protects secrets that people choose. This one is 256 random bits: nothing is gained by guessing slowly.
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

export const sameSecret = (given: string, expected: string): boolean =>
  timingSafeEqual(createHash('sha256').update(given).digest(), createHash('sha256').update(expected).digest())

export type FreshKey = { text: string; prefix: string; hash: string }

export const newServiceKey = (): FreshKey => {
  const prefix = randomText(PREFIX_LENGTH)
  const text = `clk_${prefix}_${randomText(SECRET_LENGTH)}`
  return { text, prefix, hash: hashSecret(text) }
}

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
