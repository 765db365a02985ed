import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { Bundle } from '../load-bundle'
import { type Snapshot, snapshotOf } from '../snapshot'
import { shortHash } from './require-version'
import { countInexact, insertMet } from './sql'
import { findVersion } from './store'

const MOST_KNOWN = 20_000
const MOST_WARNINGS = 100

// Versions do not go while somebody remembers them here: cleaning up asks for runs, and this is one.
const met = () =>
  kernel().slot('workspace.met-versions', () => new LRUCache<string, true>({ max: MOST_KNOWN, ttl: 600_000 }))

const versionOf = (scope: Scope, { workspaceId, hash, folder }: Bundle) => ({
  workspace: workspaceId,
  hash,
  files: folder.files.length,
  size: folder.files.reduce((sum, { size }) => sum + size, 0),
  warnings: folder.warnings.slice(0, MOST_WARNINGS),
  by: scope.actor,
  by_id: scope.identity.userId,
  at: storedTime(scope.clock.now()),
})

const auditOf = ({ workspaceId, hash, folder }: Bundle) => ({
  event: 'workspace_change' as const,
  entityId: hash,
  workspaceId,
  data: { kind: 'version_met', version_hash: shortHash(hash), source: 'run', files: folder.files.length },
})

// Rules that could not be read are missing in what is kept: as a version it would permit more than the folder does.
const mayBeVersion = async (scope: Scope, bundle: Bundle, snapshot: Snapshot | null): Promise<boolean> => {
  if (bundle.folder.hidesRules || bundle.folder.files.length === 0) return false
  if (snapshot !== null) return snapshot.isExact
  const [row] = await scope.rows(countInexact, { hash: bundle.hash })
  return Number(row?.['n'] ?? 0) === 0
}

const look = async (scope: Scope, bundle: Bundle, key: string): Promise<Snapshot | null> => {
  const snapshot = await snapshotOf(scope, bundle)
  const isKnown = (await findVersion(scope.db, bundle.workspaceId, bundle.hash)) !== null
  if (isKnown || !(await mayBeVersion(scope, bundle, snapshot))) {
    if (isKnown) met().set(key, true)
    return snapshot
  }
  return {
    writes: [...(snapshot?.writes ?? []), { statement: insertMet, rows: [versionOf(scope, bundle)] }],
    audit: [auditOf(bundle)],
    isExact: true,
    committed: () => {
      snapshot?.committed()
      met().set(key, true)
    },
  }
}

/**
 * For the commit with which a run begins: the files that it is given, and the version that they are where nobody has
 * saved it. Null where both are known.
 */
export const markMet = (scope: Scope, bundle: Bundle): Promise<Snapshot | null> | Snapshot | null => {
  const key = `${scope.tenantId} ${bundle.workspaceId} ${bundle.hash}`
  return met().has(key) ? snapshotOf(scope, bundle) : look(scope, bundle, key)
}
