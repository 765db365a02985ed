import { createHash, randomBytes } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
export const PREFIX_LENGTH = 8
export const SECRET_LENGTH = 43
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

export type FreshKey = { text: string; prefix: string; hash: string }

export const newServiceKey = (): FreshKey => {
  const prefix = randomText(PREFIX_LENGTH)
  const text = `clk_${prefix}_${randomText(SECRET_LENGTH)}`
  return { text, prefix, hash: hashSecret(text) }
}
