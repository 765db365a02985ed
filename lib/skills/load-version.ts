import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { contentHashOf } from './content-hash'
import { Manifest } from './manifest'
import { isSignedBy } from './signature'
import { findManifest, findSigner, type LightRow } from './store'

const MOST_KEPT = 500

const checked = () => kernel().slot('skills.manifests', () => new LRUCache<string, Manifest>({ max: MOST_KEPT }))

/** Why the signature of a version is not good enough to run it, or null. */
export const signatureFault = async (
  scope: Scope,
  { signature, signedBy, contentHash }: Pick<LightRow, 'signature' | 'signedBy' | 'contentHash'>,
): Promise<string | null> => {
  if (signature === null || signedBy === null)
    return kernel().env.CLASPER_REQUIRE_SKILL_SIGNATURES ? 'it is not signed' : null
  const signer = await findSigner(scope.db, signedBy)
  if (signer === null || signer.revokedAt !== null) return 'its signer is not trusted any more'
  return isSignedBy(signer.publicKey, contentHash, signature) ? null : 'its signature is not valid'
}

/** The manifest as it was published, or why it cannot be believed. What was checked once is not read again. */
export const loadManifest = async (
  scope: Scope,
  { name, version, contentHash }: Pick<LightRow, 'name' | 'version' | 'contentHash'>,
): Promise<Manifest | string> => {
  const key = [scope.tenantId, name, version, contentHash].join('\n')
  const known = checked().get(key)
  if (known) return known
  const stored = await findManifest(scope.db, name, version)
  if (contentHashOf(stored) !== contentHash) return 'its content is not what was published'
  const read = Manifest.safeParse(stored)
  if (!read.success) return 'its manifest cannot be read'
  // Another version, with its own hash and signature, may have been put in its place.
  if (read.data.name !== name || read.data.version !== version) return 'its content is that of another version'
  checked().set(key, read.data)
  return read.data
}
