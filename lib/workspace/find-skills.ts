import type { SkillSource } from '@/lib/skills'
import type { Entry, Walk } from './walk-folder'

export type SkillFolder = { folder: string; source: SkillSource; files: readonly Entry[]; reason?: string }

const LEVELS = 6
const MOST_FOLDERS = 512
const MOST_FILES = 256
const MOST_FILE_BYTES = 1_048_576
const MOST_BYTES = 8_388_608

const collect = (walk: Walk, entries: readonly Entry[], levels: number, files: Entry[]): Entry[] => {
  for (const entry of entries) {
    if (files.length > MOST_FILES) break
    if (entry.kind === 'file') files.push(entry)
    else if (levels > 0) collect(walk, walk.list(entry.path), levels - 1, files)
  }
  return files
}

const faultOf = (files: readonly Entry[]): string | undefined => {
  if (files.length > MOST_FILES) return `the folder holds more than ${MOST_FILES} files`
  const large = files.find((file) => file.size > MOST_FILE_BYTES)
  if (large) return `${large.name} is larger than 1 MiB`
  return files.reduce((sum, file) => sum + file.size, 0) > MOST_BYTES ? 'the folder holds more than 8 MiB' : undefined
}

const search = (walk: Walk, folder: string, source: SkillSource, level: number, found: SkillFolder[]): void => {
  if (found.length >= MOST_FOLDERS) return
  const entries = walk.list(folder)
  if (level > 0 && entries.some(({ kind, name }) => kind === 'file' && name === 'SKILL.md')) {
    const files = collect(walk, entries, LEVELS, [])
    const reason = faultOf(files)
    found.push({ folder, source, files, ...(reason === undefined ? {} : { reason }) })
    return
  }
  if (level === LEVELS) return
  for (const entry of entries) if (entry.kind === 'folder') search(walk, entry.path, source, level + 1, found)
}

// A folder with a SKILL.md is one skill with all that lies below it; folders above it are shelves.
export const findSkills = (walk: Walk, root: readonly Entry[]): SkillFolder[] => {
  const found: SkillFolder[] = []
  const has = (entries: readonly Entry[], name: string) =>
    entries.some((entry) => entry.kind === 'folder' && entry.name === name)
  if (has(root, 'skills')) search(walk, 'skills', 'workspace', 0, found)
  if (has(root, '.agents') && has(walk.list('.agents'), 'skills')) search(walk, '.agents/skills', 'agents', 0, found)
  return found
}
