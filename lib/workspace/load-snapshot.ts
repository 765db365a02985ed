import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { readBodies } from '@/lib/tracing'
import { holderOf, textIn } from './file-kind'
import { findSkills } from './find-skills'
import { type FolderBundle, makeBundle } from './folder-bundle'
import { bytesOfBody, type KeptBody } from './kept-bodies'
import { type Bundle, presentBundle } from './load-bundle'
import type { FolderFile } from './read-folder'
import { findFiles, findSnapshots } from './sql'
import type { Entry, Walk } from './walk-folder'

export type FileAbout = {
  path: string
  // Of the bytes; of what stands for them where no more is known.
  hash: string
  size: number
  encoding: 'utf8' | 'base64'
  isExecutable: boolean
  bodyHash: string
  // Byte by byte as it was saved.
  isExact: boolean
}

// `text` is what a model may read of it, `body` what is kept of it: null where nothing is.
export type KeptFile = FileAbout & { text: string | null; body: string | null }

const LOADED = { max: 50, maxSize: 64_000_000, ttl: 60_000 }
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

/** What is known of the files of a kept version, by path, without their contents. */
export const filesAbout = async (scope: Scope, hash: string): Promise<FileAbout[]> => {
  const rows = await scope.rows(findFiles, { hash })
  return rows.map((row) => ({
    path: String(row['path']),
    hash: String(row['contentHash'] ?? row['bodyHash']),
    size: Number(row['size']),
    encoding: row['encoding'] === 'base64' ? 'base64' : 'utf8',
    isExecutable: Number(row['runs']) === 1,
    bodyHash: String(row['bodyHash']),
    isExact: row['contentHash'] !== null,
  }))
}

const textOf = ({ path, encoding }: FileAbout, body: string): string | null => {
  if (encoding === 'utf8') return body.replace(/^\ufeff/, '')
  return textIn(path, bytesOfBody(encoding, body)) ?? null
}

export const withContents = async (scope: Scope, files: readonly FileAbout[]): Promise<KeptFile[]> => {
  const bodies = await readBodies(
    scope,
    files.map(({ bodyHash }) => bodyHash),
  )
  return files.map((file) => {
    const body = bodies.get(file.bodyHash) ?? null
    return { ...file, body, text: body === null ? null : textOf(file, body) }
  })
}

/** The files of a kept version, by path; empty also where nothing is kept. */
export const snapshotFiles = async (scope: Scope, hash: string): Promise<KeptFile[]> =>
  withContents(scope, await filesAbout(scope, hash))

type Tree = Map<string, Map<string, Entry>>

// Each folder with what stands directly in it.
const treeOf = (files: readonly { path: string; size: number }[]): Tree => {
  const tree: Tree = new Map([['', new Map()]])
  const put = (path: string, kind: Entry['kind'], size: number): void => {
    const cut = path.lastIndexOf('/')
    const folder = cut < 0 ? '' : path.slice(0, cut)
    if (folder !== '' && !tree.has(folder)) put(folder, 'folder', 0)
    if (kind === 'folder') tree.set(path, new Map())
    const name = path.slice(cut + 1)
    tree.get(folder)?.set(name, { name, path, full: '', kind, size })
  }
  for (const { path, size } of files) put(path, 'file', size)
  return tree
}

const walkOf = (files: readonly { path: string; size: number }[]): Walk => {
  const tree = treeOf(files)
  const list = (folder: string): Entry[] =>
    [...(tree.get(folder)?.values() ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1))
  return { root: '', stamps: [], refused: [], list }
}

const fileOf = ({ path, hash, size, text, isExecutable }: KeptFile, isAttached: boolean): FolderFile => {
  const about = { path, sha256: hash, size, isExecutable }
  if (text === null) return about
  return isAttached ? { ...about, attachment: { full: '', text } } : { ...about, text }
}

/** Files as if they stood in a folder. */
export const folderOf = (hash: string, files: readonly KeptFile[]): FolderBundle => {
  const walk = walkOf(files)
  const skills = findSkills(walk, walk.list(''))
  const inSkill = holderOf(new Set(skills.map(({ folder }) => folder)))
  const isAttached = (path: string): boolean => {
    const skill = inSkill(path)
    return skill !== undefined && path !== `${skill}/SKILL.md`
  }
  const read = {
    files: new Map(files.map((file) => [file.path, fileOf(file, isAttached(file.path))])),
    skills,
    hasBootMarker: false,
    refused: [],
    stamps: [],
    isFresh: false,
  }
  return makeBundle(read, hash)
}

/** The same of files that are at hand. */
export const folderOfBytes = (
  hash: string,
  kept: readonly KeptBody[],
  files: readonly { bytes: Uint8Array }[],
): FolderBundle =>
  folderOf(
    hash,
    kept.map(({ path, contentHash, size, encoding, isExecutable, body }, at) => {
      const about = { path, hash: contentHash, size, encoding, isExecutable, bodyHash: body.hash, isExact: true }
      return { ...about, body: '', text: textIn(path, files[at]?.bytes ?? new Uint8Array()) ?? null }
    }),
  )

// What was kept before contents were kept byte by byte lacks what no prompt holds.
const isWhole = (files: readonly KeptFile[]): boolean =>
  files.every(({ path, body }) => body !== null || (SKILLS.test(path) && !path.endsWith('/SKILL.md')))

type Wanted = { hash: string; workspaceId: string; isBootComplete: boolean; skills: readonly string[] | undefined }

/** The folder that a kept version is; null where it is not kept, or not whole. */
export const loadFolder = async (scope: Scope, hash: string): Promise<FolderBundle | null> => {
  const key = `${scope.tenantId} ${hash}`
  const found = loaded().get(key) ?? (await reload(scope, hash))
  if (found !== null) loaded().set(key, found)
  return found
}

/** A kept version of a workspace, as if its folder were there; null where it is not kept, or not whole. */
export const loadSnapshot = async (scope: Scope, wanted: Wanted): Promise<Bundle | null> => {
  const found = await loadFolder(scope, wanted.hash)
  if (found === null) return null
  const folder = wanted.skills === undefined ? found : found.narrow(wanted.skills)
  return presentBundle({ workspaceId: wanted.workspaceId, place: null }, folder, wanted.isBootComplete)
}

const reload = async (scope: Scope, hash: string): Promise<FolderBundle | null> => {
  if ((await findSnapshot(scope, hash)) === null) return null
  const files = await snapshotFiles(scope, hash)
  return isWhole(files) ? folderOf(hash, files) : null
}
