import { createHash, type KeyObject, verify } from 'node:crypto'
import { stableJson } from '@/lib/shared/stable-json'

type Signed = Readonly<Record<string, unknown>>

export const payloadHashOf = (payload: unknown): string =>
  `sha256:${createHash('sha256').update(stableJson(payload)).digest('hex')}`

/** What is signed: the stable JSON of the envelope without its payload, which stands in it by its hash. */
export const signedBytes = ({ payload: _, signature: __, ...rest }: Signed): Buffer =>
  Buffer.from(stableJson(rest), 'utf8')

const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/

/** Ed25519, or ECDSA on P-256 in the form of JOSE (r and s, 64 bytes). */
export const isSignedWith = (envelope: Signed, signature: string, algorithm: string, key: KeyObject): boolean => {
  if (!BASE64.test(signature)) return false
  const bytes = Buffer.from(signature, 'base64')
  if (bytes.length !== 64) return false
  if (algorithm === 'ed25519')
    return key.asymmetricKeyType === 'ed25519' && verify(null, signedBytes(envelope), key, bytes)
  return (
    algorithm === 'ES256' &&
    key.asymmetricKeyType === 'ec' &&
    verify('sha256', signedBytes(envelope), { key, dsaEncoding: 'ieee-p1363' }, bytes)
  )
}
