import { LRUCache } from 'lru-cache'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { bodyWrites, packText } from '@/lib/tracing'
import type { FolderBundle } from './folder-bundle'
import type { Bundle } from './load-bundle'
import { findYoungSnapshot, insertFiles, insertSnapshots } from './sql'

// `committed` is called once these are in the database.
export type Snapshot = { writes: readonly CommandWrite[]; committed(): void }

const KNOWN = { max: 10_000, ttl: 600_000 }
// Cleaning up leaves what is younger than an hour, so what is half of that is there for as long as it is remembered.
const YOUNG_MS = 1_800_000
const LARGE = 1_000_000

const known = () => kernel().slot('workspace.kept-snapshots', () => new LRUCache<string, true>(KNOWN))

const keyOf = (scope: Scope, hash: string): string => `${scope.tenantId} ${hash}`

type Packed = ReturnType<typeof packText>

type Kept = { path: string; hash: string; size: number; body: Packed | null }

const filesOf = ({ texts, attached }: FolderBundle): Kept[] => {
  const kept = (path: string, text: string): Kept => {
    const body = packText(text)
    return { path, hash: body.hash, size: body.size, body }
  }
  return [
    ...[...texts].map(([path, text]) => kept(path, text)),
    ...[...attached].map(([path, { sha256, size, text }]) =>
      text === null ? { path, hash: sha256, size, body: null } : kept(path, text),
    ),
  ]
}

const weigh = (bodies: readonly Packed[]): number => bodies.reduce((sum, { hex }) => sum + hex.length, 0)

// What is too much for one commit goes ahead of it, piece by piece.
const ahead = async (scope: Scope, bodies: readonly Packed[]): Promise<void> => {
  for (let from = 0; from < bodies.length; ) {
    const piece: Packed[] = []
    for (let size = 0; from < bodies.length && size < LARGE; from++) {
      const body = bodies[from]
      if (body) piece.push(body)
      size += body?.hex.length ?? 0
    }
    await scope.command({ audit: [], writes: bodyWrites(scope, piece) })
  }
}

const whole = async (scope: Scope, { workspaceId, hash, folder }: Bundle): Promise<readonly CommandWrite[]> => {
  const files = filesOf(folder)
  const bodies = [...new Map(files.flatMap(({ body }) => (body ? [[body.hash, body] as const] : []))).values()]
  const isLarge = weigh(bodies) > LARGE
  if (isLarge) await ahead(scope, bodies)
  const rows = files.map(({ path, hash: body, size }) => ({ bundle: hash, path, hash: body, size }))
  const at = storedTime(scope.clock.now())
  return [
    ...(isLarge ? [] : bodyWrites(scope, bodies)),
    { statement: insertSnapshots, rows: [{ hash, workspace: workspaceId, at }] },
    ...(rows.length === 0 ? [] : [{ statement: insertFiles, rows }]),
  ]
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
  return { writes: await whole(scope, bundle), committed }
}

/** The files that a run is given, for the commit that begins it; null where they are kept already. */
export const snapshotOf = (scope: Scope, bundle: Bundle): Promise<Snapshot | null> | null =>
  known().has(keyOf(scope, bundle.hash)) ? null : fresh(scope, bundle)
