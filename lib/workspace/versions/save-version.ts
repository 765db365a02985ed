import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { MutateDb, Scope } from '@/lib/core/scope'
import { WorkspaceId } from '@/lib/shared/id'
import { missing, Problem } from '@/lib/shared/problem'
import { bodyWrites } from '@/lib/tracing'
import { bundleHash } from '../bundle-hash'
import type { FolderBundle } from '../folder-bundle'
import { eachOnce, isTooMuch, type KeptBody, keptBytes, writeAhead } from '../kept-bodies'
import { refuseOutside } from '../load-bundle'
import { folderOfBytes } from '../load-snapshot'
import { placeOf } from '../place'
import { fileRow, snapshotWrites } from '../snapshot'
import { checkFiles, type NewFile, refuseWhole } from './check-files'
import { requireRow, shortHash } from './require-version'
import { lockVersions } from './sql'
import { ensureWorkspace, findHead, findVersion, insertVersion, type VersionRow } from './store'

export type VersionSource = 'push' | 'console' | 'run' | 'import'

export type NewVersion = {
  workspaceId: string
  files: readonly NewFile[]
  message?: string | undefined
  source: VersionSource
  // Recorded as what it was made from; the last version unless given.
  parentHash?: string | undefined
  // Refused unless this is the last version; '' where the caller has seen none.
  expectedParent?: string | undefined
}

export type SavedVersion = { hash: string; isNew: boolean; warnings: string[] }

const MOST_WARNINGS = 100

// Names that stand for something else where a workspace's would stand in an address.
export const RESERVED: ReadonlySet<string> = new Set(['pin', 'envs', 'impact', 'reindex'])

const stale = (expected: string, head: VersionRow | null): Problem =>
  new Problem('version_conflict', 'A newer version of this workspace was saved meanwhile.', {
    expected_parent: shortHash(expected),
    latest: head ? shortHash(head.hash) : null,
  })

// The same digits as the last one's, as many of them as the caller has.
const fits = (expected: string, head: VersionRow | null): boolean =>
  expected === ''
    ? head === null
    : head !== null && expected.length >= 8 && head.hash.startsWith(expected.toLowerCase())

// The same save again is no conflict: what it would make is there, made from the same.
const refuseStale = async (scope: Scope, { workspaceId, expectedParent }: NewVersion, known: VersionRow) => {
  if (expectedParent === undefined) return
  const head = await findHead(scope.db, workspaceId)
  const isAgain = known.hash === head?.hash || (expectedParent !== '' && known.parentHash?.startsWith(expectedParent))
  if (!isAgain && !fits(expectedParent, head)) throw stale(expectedParent, head)
}

const skillWarnings = ({ skills }: FolderBundle): string[] =>
  skills.flatMap(({ location, isKnown, gateReason, warnings }) => [
    ...(isKnown || gateReason === undefined ? [] : [`${location}: ${gateReason}`]),
    ...warnings.map((text) => `${location}: ${text}`),
  ])

const warningsIn = (hash: string, kept: readonly KeptBody[], files: readonly NewFile[]): string[] => {
  const folder = folderOfBytes(hash, kept, files)
  return [...folder.warnings, ...skillWarnings(folder)]
}

const keep = async (scope: Scope, workspaceId: string, hash: string, kept: readonly KeptBody[]): Promise<void> => {
  const bodies = eachOnce(kept.map(({ body }) => body))
  const isLarge = isTooMuch(bodies)
  if (isLarge) await writeAhead(scope, bodies)
  const rows = kept.map((file) => fileRow(hash, file))
  const writes = [...(isLarge ? [] : bodyWrites(scope, bodies)), ...snapshotWrites(scope, { hash, workspaceId }, rows)]
  await scope.command({ audit: [], writes })
}

type Ready = { hash: string; size: number; count: number; parent: string | undefined; warnings: string[] }

// After the one before, whatever the clock says: the order of versions is the order in which they were saved.
const momentAfter = (scope: Scope, head: VersionRow | null): Date =>
  dateOf(Math.max(scope.clock.now().getTime(), (head?.createdAt.getTime() ?? 0) + 1))

const KNOWN_ALREADY = Symbol('known already')

const insert = async (scope: Scope, db: MutateDb, version: NewVersion, ready: Ready): Promise<void> => {
  const { workspaceId, message, source, expectedParent } = version
  await db.run(lockVersions, [{ workspace: workspaceId }])
  const head = await findHead(db, workspaceId)
  if (await findVersion(db, workspaceId, ready.hash)) throw KNOWN_ALREADY
  if (expectedParent !== undefined && !fits(expectedParent, head)) throw stale(expectedParent, head)
  const createdAt = momentAfter(scope, head)
  if (placeOf(kernel().env, scope.tenantId, workspaceId) === null) await ensureWorkspace(db, workspaceId, createdAt)
  await insertVersion(db, {
    ...{ workspaceId, hash: ready.hash, source, message: message ?? null },
    parentHash: ready.parent ?? head?.hash ?? null,
    ...{ fileCount: ready.count, size: ready.size, warnings: ready.warnings },
    ...{ createdBy: scope.actor, createdById: scope.identity.userId, createdAt },
  })
}

const savedAbout = (version: NewVersion, { hash, count }: Pick<Ready, 'hash' | 'count'>) => {
  const { workspaceId, message, source } = version
  const data = {
    ...{ kind: 'version_saved', version_hash: shortHash(hash), source, files: count },
    ...(message === undefined ? {} : { message }),
  }
  return { event: 'workspace_change', entityId: hash, workspaceId, data } as const
}

const mutated = async (scope: Scope, version: NewVersion, ready: Ready): Promise<boolean> => {
  try {
    await scope.mutate(savedAbout(version, ready), (db) => insert(scope, db, version, ready))
    return true
  } catch (error) {
    if (error === KNOWN_ALREADY) return false
    throw error
  }
}

const GONE = Symbol('gone')

// What only runs had met goes with them; from now on somebody has saved it. False where it went just now.
const adopt = async (scope: Scope, version: NewVersion, known: VersionRow): Promise<boolean> => {
  const { workspaceId, message, source } = version
  if (known.source !== 'run' || source === 'run') return true
  const where = { workspaceId, hash: known.hash, source: 'run' }
  try {
    await scope.mutate(savedAbout(version, { hash: known.hash, count: known.fileCount }), async (db) => {
      const said = message === undefined ? {} : { message }
      if ((await db.workspaceVersion.updateMany({ where, data: { source, ...said } })).count === 0) throw GONE
    })
    return true
  } catch (error) {
    if (error !== GONE) throw error
    return (await findVersion(scope.db, workspaceId, known.hash)) !== null
  }
}

/**
 * What a workspace holds, as one version of it. The same content again is the version that there is; another one than
 * the caller has seen last is refused where that was asked for.
 */
export const saveVersion = async (scope: Scope, version: NewVersion): Promise<SavedVersion> => {
  const { workspaceId, parentHash } = version
  refuseOutside(scope, workspaceId)
  if (!WorkspaceId.safeParse(workspaceId).success || RESERVED.has(workspaceId)) return missing('workspace', workspaceId)
  const { files, warnings } = checkFiles(version.files)
  if (files.length === 0) return refuseWhole('A version holds at least one file')
  const kept = files.map(({ path, bytes, isExecutable = false }) => keptBytes({ path, isExecutable }, bytes))
  const hash = bundleHash(kept.map((file) => ({ path: file.path, sha256: file.contentHash })))
  const parent = parentHash === undefined ? undefined : (await requireRow(scope, workspaceId, parentHash)).hash
  const all = [...warnings, ...warningsIn(hash, kept, files)].slice(0, MOST_WARNINGS)
  const known = await findVersion(scope.db, workspaceId, hash)
  if (known) await refuseStale(scope, version, known)
  if (known && (await adopt(scope, version, known))) {
    return { hash, isNew: false, warnings: all }
  }
  await keep(scope, workspaceId, hash, kept)
  const size = kept.reduce((sum, file) => sum + file.size, 0)
  const isNew = await mutated(scope, version, { hash, size, count: kept.length, parent, warnings: all })
  return { hash, isNew, warnings: all }
}
