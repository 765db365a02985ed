import type { Scope } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'
import { toWire } from '@/lib/shared/time'
import { loadManifest, signatureFault } from './load-version'
import { isSkillState, nextStates, type SkillState } from './states'
import { findByState, findLatest, findVersion, findVersions, type ListedRow, type SkillRow } from './store'

export const stateOf = (text: string): SkillState => (isSkillState(text) ? text : 'draft')

/** By its version, or the one that counts as latest; 404 where there is none. */
export const requireSkill = async (scope: Scope, name: string, version: string | undefined): Promise<SkillRow> =>
  (version === undefined || version === 'latest'
    ? await findLatest(scope.db, name)
    : await findVersion(scope.db, name, version)) ??
  missing('skill', version === undefined ? name : `${name}@${version}`)

const signatureStatus = async (scope: Scope, row: SkillRow): Promise<'unsigned' | 'valid' | 'invalid'> => {
  if (row.signature === null) return 'unsigned'
  const isBelieved = (await signatureFault(scope, row)) === null && typeof (await loadManifest(scope, row)) !== 'string'
  return isBelieved ? 'valid' : 'invalid'
}

export const getSkill = async (scope: Scope, name: string, version: string | undefined) => {
  const row = await requireSkill(scope, name, version)
  const manifest = row.manifest as Record<string, unknown>
  const state = stateOf(row.state)
  return {
    skill: {
      name: row.name,
      version: row.version,
      description: row.description,
      manifest,
      instructions: String(manifest['instructions']),
      checksum: row.checksum,
      content_hash: row.contentHash,
      published_at: toWire(row.publishedAt),
      published_by: row.publishedBy,
      state,
      signed_by: row.signedBy,
      signature_status: await signatureStatus(scope, row),
      next_states: [...nextStates(state)],
    },
  }
}

const listed = (row: ListedRow) => ({
  version: row.version,
  state: stateOf(row.state),
  published_at: toWire(row.publishedAt),
  checksum: row.checksum,
  content_hash: row.contentHash,
  signed_by: row.signedBy,
})

export const listVersions = async (scope: Scope, name: string) => {
  const rows = await findVersions(scope.db, name)
  if (rows.length === 0) return missing('skill', name)
  return { name, versions: rows.map(({ version }) => version), items: rows.map(listed) }
}

export const skillState = async (scope: Scope, name: string, version: string) => {
  const row = await requireSkill(scope, name, version)
  return {
    name: row.name,
    version: row.version,
    state: stateOf(row.state),
    is_executable: row.state === 'active',
    updated_at: toWire(row.updatedAt),
  }
}

export const skillsByState = async (scope: Scope, { state, limit }: { state: SkillState; limit: number }) => {
  const rows = await findByState(scope.db, state, limit)
  return {
    state,
    skills: rows.map((row) => ({
      name: row.name,
      version: row.version,
      state,
      description: row.description,
      published_at: toWire(row.publishedAt),
    })),
    count: rows.length,
  }
}
