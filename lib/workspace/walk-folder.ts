import { type Dirent, readdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { lies } from './open-inside'
import { type Stamp, stampOf, statOf } from './stamp'

const MOST_ENTRIES = 10_000
const SKIPPED = /^(?:[.]|node_modules$)/

export type Entry = {
  name: string
  path: string
  full: string
  kind: 'file' | 'folder'
  size: number
  isLink?: boolean
  isExecutable?: boolean
}

export type Refusal = { path: string; reason: string; isSize?: true }

// Every path that was looked at leaves a stamp, so that looking again needs no reading.
export type Walk = {
  root: string
  stamps: Stamp[]
  refused: Refusal[]
  list: (folder: string, hidden?: readonly string[]) => Entry[]
}

const isInside = (root: string, path: string): boolean => {
  try {
    return lies(root, realpathSync.native(path))
  } catch {
    return false
  }
}

const entriesIn = (folder: string): Dirent[] => {
  try {
    return readdirSync(/* turbopackIgnore: true */ folder, { withFileTypes: true })
  } catch {
    return []
  }
}

const OWNER_RUNS = 0o100

const byName = (a: Dirent, b: Dirent): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

// `root` is the folder as named, `realRoot` where it truly stands: a link may point about inside, never out.
export const walkFolder = (root: string, realRoot: string): Walk => {
  const stamps: Stamp[] = [stampOf(root, statOf(root))]
  const refused: Refusal[] = []

  const entryOf = (dirent: Dirent, path: string): Entry[] => {
    const full = join(root, path)
    if (dirent.isSymbolicLink() && !isInside(realRoot, full)) {
      refused.push({ path, reason: 'is a link that leaves the workspace' })
      return []
    }
    const stats = statOf(full)
    stamps.push(stampOf(full, stats))
    const kind = stats?.isDirectory() ? 'folder' : stats?.isFile() ? 'file' : null
    if (kind === null) return []
    const isExecutable = kind === 'file' && ((stats?.mode ?? 0) & OWNER_RUNS) !== 0
    return [
      { name: dirent.name, path, full, kind, size: stats?.size ?? 0, isLink: dirent.isSymbolicLink(), isExecutable },
    ]
  }

  const look = (folder: string, hidden: readonly string[]): Entry[] => {
    const at = join(root, folder)
    // It was a folder when it was found, and may have become a link since.
    if (!isInside(realRoot, at)) {
      refused.push({ path: folder, reason: 'is a link that leaves the workspace' })
      return []
    }
    const dirents = entriesIn(at).filter(({ name }) => !SKIPPED.test(name) || hidden.includes(name))
    const room = Math.max(0, MOST_ENTRIES - stamps.length)
    if (dirents.length > room) refused.push({ path: folder, reason: `holds more than ${MOST_ENTRIES} entries` })
    return dirents
      .sort(byName)
      .slice(0, room)
      .flatMap((dirent) => entryOf(dirent, folder === '' ? dirent.name : `${folder}/${dirent.name}`))
  }
  // Each folder is looked at once: whoever asks again gets what was found, and no second stamp is left.
  const known = new Map<string, Entry[]>()
  const list: Walk['list'] = (folder, hidden = []) => {
    const found = known.get(folder) ?? look(folder, hidden)
    known.set(folder, found)
    return found
  }
  return { root, stamps, refused, list }
}
