import { LRUCache } from 'lru-cache'
import { monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { type FolderBundle, makeBundle } from './folder-bundle'
import type { Place } from './place'
import { readFolder } from './read-folder'
import { allSame, type Stamp } from './stamp'

type Known = { bundle: FolderBundle; stamps: readonly Stamp[]; isFresh: boolean; lookedAtMs: number }

type Folder = { known: Known | null; reading: Promise<FolderBundle> | null }

const MOST_FOLDERS = 1_000
const MOST_CHARACTERS = 128_000_000
const FEW_PATHS = 64
const LONGEST_PAUSE_MS = 900

const sizeOf = (folder: Folder): number => {
  let size = 1_000 + (folder.known?.bundle.skillFiles.weight ?? 0)
  for (const text of folder.known?.bundle.texts.values() ?? []) size += text.length
  return size
}

const folders = () =>
  kernel().slot(
    'workspace.folders',
    () => new LRUCache<string, Folder>({ max: MOST_FOLDERS, maxSize: MOST_CHARACTERS, sizeCalculation: sizeOf }),
  )

// A look costs two microseconds a path. A common workspace is looked at for every run, so an edit counts at once;
// a large one at most so often that looking stays a small share of the work.
export const pauseMs = (paths: number): number =>
  paths <= FEW_PATHS ? 0 : Math.min(LONGEST_PAUSE_MS, Math.max(250, paths / 10))

const isCurrent = (known: Known): boolean => {
  const now = monotonicMs()
  if (known.lookedAtMs + pauseMs(known.stamps.length) > now) return true
  if (known.isFresh || !allSame(known.stamps)) return false
  known.lookedAtMs = now
  return true
}

const read = async (place: Place, folder: Folder, keep: boolean): Promise<FolderBundle> => {
  const lookedAtMs = monotonicMs()
  const found = await readFolder(place)
  const made = makeBundle(found)
  const before = folder.known?.bundle
  const isSame = keep && before?.hash === made.hash && before.hasBootMarker === made.hasBootMarker
  const bundle = isSame && before.warnings.join('\n') === made.warnings.join('\n') ? before : made
  folder.known = { bundle, stamps: found.stamps, isFresh: found.isFresh, lookedAtMs }
  folders().set(place.path, folder)
  return bundle
}

const reading = (place: Place, folder: Folder, keep: boolean): Promise<FolderBundle> => {
  folder.reading ??= read(place, folder, keep).finally(() => {
    folder.reading = null
  })
  return folder.reading
}

const folderAt = (place: Place): Folder => {
  const found = folders().get(place.path)
  if (found) return found
  const made: Folder = { known: null, reading: null }
  folders().set(place.path, made)
  return made
}

// Null where it has to be read.
export const currentBundle = (place: Place): FolderBundle | null => {
  const known = folders().get(place.path)?.known
  return known && isCurrent(known) ? known.bundle : null
}

export const folderBundle = async (place: Place): Promise<FolderBundle> =>
  currentBundle(place) ?? (await reading(place, folderAt(place), true))

// Reads everything anew: what programs this host offers is looked up again too.
export const freshBundle = async (place: Place): Promise<FolderBundle> => {
  const folder = folderAt(place)
  while (folder.reading) await folder.reading.catch(() => undefined)
  return reading(place, folder, false)
}
