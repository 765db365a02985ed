import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'

// What is signed: the hash of the content, which holds name and version, under a purpose of its own.
export const signedText = (contentHash: string): Buffer => Buffer.from(`clasper-skill-v1\n${contentHash}\n`)

const RAW_BYTES = 32
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex')

const fromRaw = (raw: Buffer): KeyObject =>
  createPublicKey({ key: Buffer.concat([SPKI_HEAD, raw]), format: 'der', type: 'spki' })

const rawOf = (key: KeyObject): Buffer | null =>
  key.asymmetricKeyType === 'ed25519' ? key.export({ format: 'der', type: 'spki' }).subarray(-RAW_BYTES) : null

const rawIn = (text: string): Buffer | null => {
  const trimmed = text.trim()
  try {
    if (trimmed.startsWith('-----BEGIN PUBLIC KEY-----')) return rawOf(createPublicKey(trimmed))
    if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return null
    const raw = Buffer.from(trimmed, 'base64')
    return raw.length === RAW_BYTES ? rawOf(fromRaw(raw)) : null
  } catch {
    return null
  }
}

export type SignerKey = { id: string; publicKey: string }

/** An Ed25519 key in PEM or as 32 bytes in base64, under the name that follows from it; null for anything else. */
export const signerKey = (text: string): SignerKey | null => {
  const raw = rawIn(text)
  if (raw === null) return null
  return { id: createHash('sha256').update(raw).digest('hex').slice(0, 16), publicKey: raw.toString('base64') }
}

/** Whether this key signed this content. */
export const isSignedBy = (publicKey: string, contentHash: string, signature: string): boolean => {
  const raw = rawIn(publicKey)
  const bytes = Buffer.from(signature, 'base64')
  if (raw === null || bytes.length !== 64) return false
  try {
    return verify(null, signedText(contentHash), fromRaw(raw), bytes)
  } catch {
    return false
  }
}
