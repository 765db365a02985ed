import { MOST_LEVELS } from './file-kind'
import type { Entry, Walk } from './walk-folder'

/**
 * Every file below a folder, each once. A link to a folder is not gone into: what it holds may hold the link itself.
 * `isShut` names folders that are left out whole.
 */
export const sweepFolder = (walk: Walk, from: readonly Entry[], isShut: (entry: Entry) => boolean): Entry[] => {
  const files: Entry[] = []
  const refuse = (path: string, reason: string) => void walk.refused.push({ path, reason })
  const sweep = (entries: readonly Entry[], level: number): void => {
    for (const entry of entries) {
      if (entry.kind === 'file') files.push(entry)
      else if (isShut(entry)) continue
      else if (entry.isLink) refuse(entry.path, 'is a link to a folder: what only it leads to is left out')
      else if (level >= MOST_LEVELS) refuse(entry.path, `lies deeper than ${MOST_LEVELS} folders and is left out`)
      else sweep(walk.list(entry.path), level + 1)
    }
  }
  sweep(from, 1)
  return files
}
