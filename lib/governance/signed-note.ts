import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

// Signed notes and tree checkpoints as C2SP describes them: origin, size, root, a blank line, signatures.

const ED25519 = 1
const DASH = '\u2014'

export type NoteCheckpoint = { origin: string; size: number; rootHash: string }

export const rawPublicKey = (key: KeyObject): Buffer =>
  Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url')

const keyHash = (name: string, raw: Buffer): Buffer =>
  createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.from([ED25519]))
    .update(raw)
    .digest()
    .subarray(0, 4)

export const keyIdOf = (name: string, key: KeyObject): string => keyHash(name, rawPublicKey(key)).toString('hex')

// The text under which anybody can check our notes: name+hash+key.
export const verifierKey = (name: string, key: KeyObject): string => {
  const raw = rawPublicKey(key)
  return `${name}+${keyHash(name, raw).toString('hex')}+${Buffer.concat([Buffer.from([ED25519]), raw]).toString('base64')}`
}

export const signCheckpoint = (
  { origin, size, rootHash }: NoteCheckpoint,
  privateKey: KeyObject,
  publicKey: KeyObject,
): string => {
  const text = `${origin}\n${size}\n${Buffer.from(rootHash, 'hex').toString('base64')}\n`
  const stamp = Buffer.concat([keyHash(origin, rawPublicKey(publicKey)), sign(null, Buffer.from(text), privateKey)])
  return `${text}\n${DASH} ${origin} ${stamp.toString('base64')}\n`
}

export type ReadNote = NoteCheckpoint & {
  text: string
  signatures: { name: string; keyId: string; signature: Buffer }[]
}

export const readNote = (note: string): ReadNote | null => {
  const split = note.indexOf('\n\n')
  const text = note.slice(0, split + 1)
  const [origin, size, root] = text.split('\n')
  if (split < 0 || !origin || !/^\d{1,16}$/.test(size ?? '') || !root) return null
  const lines = note
    .slice(split + 2)
    .split('\n')
    .filter((line) => line.startsWith(`${DASH} `))
  const signatures = lines.map((line) => {
    const [, name = '', stamp = ''] = line.split(' ')
    const bytes = Buffer.from(stamp, 'base64')
    return { name, keyId: bytes.subarray(0, 4).toString('hex'), signature: bytes.subarray(4) }
  })
  return { origin, size: Number(size), rootHash: Buffer.from(root, 'base64').toString('hex'), text, signatures }
}

const verdictsOf = (note: ReadNote, keys: readonly KeyObject[]) =>
  note.signatures.flatMap(({ name, keyId, signature }) =>
    keys
      .filter((key) => name === note.origin && keyIdOf(name, key) === keyId)
      .map((key) => ({ keyId, isGood: verify(null, Buffer.from(note.text), key, signature) })),
  )

// 'unknown' when none of the keys is one that signed it.
export const checkNote = (note: ReadNote, keys: readonly KeyObject[]): 'valid' | 'invalid' | 'unknown' => {
  const verdicts = verdictsOf(note, keys)
  if (verdicts.length === 0) return 'unknown'
  return verdicts.some(({ isGood }) => isGood) ? 'valid' : 'invalid'
}

// Without a key to check with, the note's own word for who signed it.
export const signersOf = (note: ReadNote, keys: readonly KeyObject[]): string[] =>
  keys.length === 0
    ? note.signatures.map(({ keyId }) => keyId)
    : verdictsOf(note, keys)
        .filter(({ isGood }) => isGood)
        .map(({ keyId }) => keyId)

// A file of notes, one after the other: each begins with its origin and ends with a signature line.
export const notesIn = (text: string): string[] =>
  text.match(new RegExp(`[^\\n]+\\n\\d+\\n[^\\n]+\\n(?:[^\\n]+\\n)*\\n(?:${DASH} [^\\n]+\\n)+`, 'g')) ?? []

// Reads what verifierKey writes, or a PEM.
export const publicKeyFrom = (text: string): KeyObject => {
  if (text.includes('-----BEGIN')) return createPublicKey(text)
  const encoded = text.trim().split('+').slice(2).join('+')
  const x = Buffer.from(encoded, 'base64').subarray(1).toString('base64url')
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
}
