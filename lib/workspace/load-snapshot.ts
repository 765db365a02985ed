import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { readBodies } from '@/lib/tracing'
import { findSkills } from './find-skills'
import { type FolderBundle, makeBundle } from './folder-bundle'
import { type Bundle, presentBundle } from './load-bundle'
import type { FolderFile } from './read-folder'
import { findFiles, findSnapshots } from './sql'
import type { Entry, Walk } from './walk-folder'

export type KeptFile = { path: string; hash: string; size: number; text: string | null }

const LOADED = { max: 50, maxSize: 32_000_000, ttl: 60_000 }
const SKILLS = /^(?:[.]agents\/)?skills\//

const sizeOf = (folder: FolderBundle): number => {
  let size = 1_000 + folder.skillFiles.weight
  for (const text of folder.texts.values()) size += text.length
  return size
}

const loaded = () =>
  kernel().slot(
    'workspace.loaded-snapshots',
    () => new LRUCache<string, FolderBundle>({ ...LOADED, sizeCalculation: sizeOf }),
  )

/** The version that begins with these digits; null where there is none or more than one. */
export const findSnapshot = async (
  scope: Scope,
  version: string,
): Promise<{ hash: string; workspaceId: string } | null> => {
  const first = version.toLowerCase()
  const rows = await scope.rows(findSnapshots, { first, past: `${first}g` })
  const [row] = rows
  return row && rows.length === 1 ? { hash: String(row['hash']), workspaceId: String(row['workspaceId']) } : null
}

/** The files of a kept version, by path; empty also where nothing is kept. */
export const snapshotFiles = async (scope: Scope, hash: string): Promise<KeptFile[]> => {
  const rows = await scope.rows(findFiles, { hash })
  const files = rows.map((row) => ({
    path: String(row['path']),
    hash: String(row['bodyHash']),
    size: Number(row['size']),
  }))
  const texts = await readBodies(
    scope,
    files.map((file) => file.hash),
  )
  return files.map((file) => ({ ...file, text: texts.get(file.hash) ?? null }))
}

const entriesIn = (files: readonly KeptFile[], folder: string): Entry[] => {
  const start = folder === '' ? '' : `${folder}/`
  const found = new Map<string, Entry>()
  for (const { path, size } of files) {
    if (!path.startsWith(start)) continue
    const [name = '', ...rest] = path.slice(start.length).split('/')
    const kind = rest.length === 0 ? 'file' : 'folder'
    found.set(name, { name, path: `${start}${name}`, full: '', kind, size: kind === 'file' ? size : 0 })
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

const walkOf = (files: readonly KeptFile[]): Walk => ({
  root: '',
  stamps: [],
  refused: [],
  list: (folder) => entriesIn(files, folder),
})

const isAttached = (path: string): boolean => SKILLS.test(path) && !path.endsWith('/SKILL.md')

const fileOf = ({ path, hash, size, text }: KeptFile): FolderFile => {
  const about = { path, sha256: hash, size }
  if (!isAttached(path)) return { ...about, text: text ?? '' }
  return text === null ? about : { ...about, attachment: { full: '', text } }
}

const folderOf = (hash: string, files: readonly KeptFile[]): FolderBundle => {
  const walk = walkOf(files)
  const read = {
    files: new Map(files.map((file) => [file.path, fileOf(file)])),
    skills: findSkills(walk, walk.list('')),
    hasBootMarker: false,
    refused: [],
    stamps: [],
    isFresh: false,
  }
  return makeBundle(read, hash)
}

const isWhole = (files: readonly KeptFile[]): boolean =>
  files.every(({ path, text }) => text !== null || isAttached(path))

type Wanted = { hash: string; workspaceId: string; isBootComplete: boolean; skills: readonly string[] | undefined }

/** A kept version of a workspace, as if its folder were there; null where it is not kept, or not whole. */
export const loadSnapshot = async (scope: Scope, wanted: Wanted): Promise<Bundle | null> => {
  const key = `${scope.tenantId} ${wanted.hash}`
  const found = loaded().get(key) ?? (await reload(scope, wanted.hash))
  if (found === null) return null
  loaded().set(key, found)
  const folder = wanted.skills === undefined ? found : found.narrow(wanted.skills)
  return presentBundle({ workspaceId: wanted.workspaceId, place: null }, folder, wanted.isBootComplete)
}

const reload = async (scope: Scope, hash: string): Promise<FolderBundle | null> => {
  if ((await findSnapshot(scope, hash)) === null) return null
  const files = await snapshotFiles(scope, hash)
  return isWhole(files) ? folderOf(hash, files) : null
}
