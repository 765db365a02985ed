import { createHash, type KeyObject, sign, verify } from 'node:crypto'
import { stableJson } from '@/lib/shared/stable-json'

// What a bundle holds. Everything is text, so that it can be read and checked without this product.
export const BUNDLE_FORMAT = 'clasper-audit-bundle'

export const BUNDLE_FILES = [
  'metadata.json',
  'audits.jsonl',
  'audit_chain.jsonl',
  'checkpoints.jsonl',
  'public_keys.json',
] as const

export type BundleNode = { level: number; index: number; hash: string }

export type BundleMetadata = {
  format: typeof BUNDLE_FORMAT
  version: 1
  tenant_id: string
  origin: string
  generated_at: string
  generated_by: string
  first_seq: number
  last_seq: number
  // The roots of the complete subtrees left of the first event and right of the last one.
  tree: { size: number; root_hash: string; before: readonly string[]; after: readonly BundleNode[] }
}

export type ChainLine = {
  seq: number
  prev_event_hash: string | null
  event_hash: string
  leaf_hash: string
  canonical: string
  salt: string | null
  payload: string | null
  erased_at: string | null
}

export type CheckpointLine = { size: number; root_hash: string; note: string }

export type PublicKeyLine = { algorithm: 'Ed25519'; key_id: string; verifier: string; pem: string }

export type Integrity = {
  generated_at: string
  audit_chain_verification: { ok: boolean; failures: readonly string[] }
  files: Readonly<Record<string, string>>
  key_id?: string
  public_key?: string
  signature?: string
}

const signedBytes = ({ signature: _, ...rest }: Integrity): Buffer => Buffer.from(stableJson(rest), 'utf8')

// The key stands inside before the signature is made: it covers everything but itself.
export const signIntegrity = (
  integrity: Integrity,
  keyId: string,
  privateKey: KeyObject,
  publicKey: KeyObject,
): Integrity => {
  const named = { ...integrity, key_id: keyId, public_key: pemOf(publicKey) }
  return { ...named, signature: sign(null, signedBytes(named), privateKey).toString('base64') }
}

export const isSignedBy = (integrity: Integrity, keys: readonly KeyObject[]): boolean =>
  keys.some((key) => verify(null, signedBytes(integrity), key, Buffer.from(integrity.signature ?? '', 'base64')))

export const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString()

export const sha256Of = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')
