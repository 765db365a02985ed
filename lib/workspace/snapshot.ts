import { LRUCache } from 'lru-cache'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { CommandAudit, Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { bodyWrites } from '@/lib/tracing'
import { bytesAgain } from './attachments'
import type { FolderBundle } from './folder-bundle'
import { eachOnce, isTooMuch, type KeptBody, keptBytes, keptText, writeAhead } from './kept-bodies'
import type { Bundle } from './load-bundle'
import type { FolderFile } from './read-folder'
import { findYoungSnapshot, insertFiles, insertSnapshots } from './sql'

// `committed` is called once these are in the database.
export type Snapshot = {
  writes: readonly CommandWrite[]
  audit: readonly CommandAudit[]
  // Every file is kept byte by byte.
  isExact: boolean
  committed(): void
}

const KNOWN = { max: 10_000, ttl: 600_000 }
// Cleaning up leaves what is younger than an hour, so what is half of that is there for as long as it is remembered.
const YOUNG_MS = 1_800_000
const AT_ONCE = 16

const known = () => kernel().slot('workspace.kept-snapshots', () => new LRUCache<string, true>(KNOWN))

const keyOf = (scope: Scope, hash: string): string => `${scope.tenantId} ${hash}`

// `isExact` where the bytes are those that were hashed: of a file that changed meanwhile no more is kept than was read.
type Kept = { file: FolderFile; kept: KeptBody | null; isExact: boolean }

const keptOf = async (file: FolderFile): Promise<Kept> => {
  const about = { path: file.path, isExecutable: file.isExecutable ?? false }
  const text = file.text ?? file.attachment?.text ?? null
  const kept = text === null ? null : keptText(about, text)
  if (kept?.contentHash === file.sha256) return { file, kept, isExact: true }
  const full = file.full ?? file.attachment?.full ?? ''
  const bytes = full === '' ? null : await bytesAgain(full, file.sha256)
  return bytes === null ? { file, kept, isExact: false } : { file, kept: keptBytes(about, bytes), isExact: true }
}

const allOf = async ({ files }: FolderBundle): Promise<Kept[]> => {
  const all: Kept[] = []
  for (let at = 0; at < files.length; at += AT_ONCE)
    all.push(...(await Promise.all(files.slice(at, at + AT_ONCE).map(keptOf))))
  return all
}

export type FileRow = {
  bundle: string
  path: string
  hash: string
  size: number
  content: string | null
  encoding: string
  is_executable: number
}

export const fileRow = (bundle: string, kept: KeptBody): FileRow => ({
  bundle,
  path: kept.path,
  hash: kept.body.hash,
  size: kept.size,
  content: kept.contentHash,
  encoding: kept.encoding,
  is_executable: kept.isExecutable ? 1 : 0,
})

const rowOf = (bundle: string, { file, kept, isExact }: Kept): FileRow => {
  const bare = { bundle, path: file.path, hash: file.sha256, size: file.size, content: null }
  const row = kept === null ? { ...bare, encoding: 'utf8', is_executable: 0 } : fileRow(bundle, kept)
  return isExact ? row : { ...row, content: null }
}

export const snapshotWrites = (
  scope: Scope,
  { hash, workspaceId }: { hash: string; workspaceId: string },
  rows: readonly FileRow[],
): CommandWrite[] => [
  { statement: insertSnapshots, rows: [{ hash, workspace: workspaceId, at: storedTime(scope.clock.now()) }] },
  ...(rows.length === 0 ? [] : [{ statement: insertFiles, rows }]),
]

const whole = async (scope: Scope, bundle: Bundle): Promise<Omit<Snapshot, 'committed'>> => {
  const all = await allOf(bundle.folder)
  const bodies = eachOnce(all.flatMap(({ kept }) => (kept ? [kept.body] : [])))
  const isLarge = isTooMuch(bodies)
  if (isLarge) await writeAhead(scope, bodies)
  const rows = all.map((each) => rowOf(bundle.hash, each))
  const writes = [...(isLarge ? [] : bodyWrites(scope, bodies)), ...snapshotWrites(scope, bundle, rows)]
  return { writes, audit: [], isExact: all.every(({ isExact }) => isExact) }
}

const fresh = async (scope: Scope, bundle: Bundle): Promise<Snapshot | null> => {
  const key = keyOf(scope, bundle.hash)
  const committed = () => void known().set(key, true)
  const after = storedTime(dateOf(scope.clock.now().getTime() - YOUNG_MS))
  const rows = await scope.rows(findYoungSnapshot, { hash: bundle.hash, after })
  if (rows.length > 0) {
    committed()
    return null
  }
  return { ...(await whole(scope, bundle)), committed }
}

/** The files that a run is given, for the commit that begins it; null where they are kept already. */
export const snapshotOf = (scope: Scope, bundle: Bundle): Promise<Snapshot | null> | null =>
  known().has(keyOf(scope, bundle.hash)) ? null : fresh(scope, bundle)
