import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { toWire } from '@/lib/shared/time'
import { checksumOf, contentHashOf } from './content-hash'
import { type Publication, readPublication } from './read-publication'
import { isSignedBy } from './signature'
import { findLight, findSigner, findSigners, insertVersion, type SkillRow } from './store'
import { versionParts } from './version'
import { requireWholeTenant } from './whole-tenant'

type Signed = { signature: string; signedBy: string }

const refuse = (field: string, why: string): never => {
  throw new Problem('invalid_manifest', 'Invalid manifest', { formErrors: [], fieldErrors: { [field]: [why] } })
}

// Who does not name a key is tried with all of them: it is one of few.
const signerOf = async (scope: Scope, hash: string, signature: string, wished: string | undefined) => {
  const named = wished === undefined ? await findSigners(scope.db) : [await findSigner(scope.db, wished)]
  const trusted = named.filter((signer) => signer !== null && signer.revokedAt === null)
  return trusted.find((signer) => signer !== null && isSignedBy(signer.publicKey, hash, signature)) ?? null
}

const signed = async (scope: Scope, hash: string, publication: Publication): Promise<Signed | null> => {
  const { signature, signedBy } = publication
  if (signature === undefined) {
    if (kernel().env.CLASPER_REQUIRE_SKILL_SIGNATURES) return refuse('signature', 'is required here')
    return null
  }
  const signer = await signerOf(scope, hash, signature, signedBy)
  return signer ? { signature, signedBy: signer.id } : refuse('signature', 'is by no signer that is trusted here')
}

const taken = (name: string, version: string): Problem =>
  new Problem('version_exists', `Skill ${name}@${version} already exists. Versions are immutable.`, { name, version })

const isTaken = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'P2002'

const presented = (row: SkillRow, warnings: readonly string[]) => ({
  name: row.name,
  version: row.version,
  state: 'draft' as const,
  checksum: row.checksum,
  content_hash: row.contentHash,
  published_at: toWire(row.publishedAt),
  published_by: row.publishedBy,
  signed_by: row.signedBy,
  warnings: [...warnings],
})

const partsOf = (version: string) => versionParts(version) ?? refuse('version', 'must be x.y.z, digits only')

const store = (scope: Scope, { document, manifest }: Publication, seal: Signed | null): Promise<SkillRow> => {
  const { name, version, description } = manifest
  const now = scope.clock.now()
  const row = {
    ...{ name, version, description },
    ...partsOf(version),
    state: 'draft',
    manifest: document,
    checksum: checksumOf(document),
    contentHash: contentHashOf(document),
    signature: seal?.signature ?? null,
    signedBy: seal?.signedBy ?? null,
    publishedBy: scope.actor,
    publishedById: scope.identity.userId,
    ...{ publishedAt: now, updatedAt: now },
  }
  const { checksum, contentHash: content_hash, signedBy: signed_by } = row
  const data = { name, version, checksum, content_hash, signed_by }
  return scope.mutate({ event: 'skill_published', entityId: `${name}@${version}`, data }, async (db) => {
    if (await findLight(db, name, version)) throw taken(name, version)
    return insertVersion(db, row)
  })
}

/** One version of a skill, as a draft. What is published under a name and a version stands there for good. */
export const publishSkill = async (
  scope: Scope,
  body: Record<string, unknown>,
  asked: { version?: string | undefined } = {},
) => {
  requireWholeTenant(scope)
  const publication = readPublication(body, asked.version)
  const { name, version } = publication.manifest
  const seal = await signed(scope, contentHashOf(publication.document), publication)
  try {
    return { status: 'ok' as const, skill: presented(await store(scope, publication, seal), publication.warnings) }
  } catch (error) {
    throw isTaken(error) ? taken(name, version) : error
  }
}
