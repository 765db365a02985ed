import { type FileSkill, instructionsOf } from '@/lib/skills'
import { readAgain } from './attachments'
import type { FolderFile, FolderRead } from './read-folder'

export type SkillAnswer = { text: string } | { fault: 'unknown'; near: readonly string[] } | { fault: 'changed' }

// What a model may read of the skills it sees, as it was when the bundle was hashed.
export type SkillFiles = { read(path: string): Promise<SkillAnswer> }

export type SkillShelf = SkillFiles & {
  // There are files besides the instructions.
  hasMore: boolean
  // Characters that are kept in memory.
  weight: number
}

type Source = { path: string; text: () => string | Promise<string | null> }
type Found = { skill: FileSkill; sources: readonly Source[]; kept: readonly string[] }

const MOST_NEAR = 20

const sourceOf = ({ path, sha256, attachment }: FolderFile): Source[] => {
  if (!attachment) return []
  const { full, text } = attachment
  return [{ path, text: () => text ?? readAgain(full, sha256) }]
}

const found = (read: FolderRead, skill: FileSkill): Found => {
  const entries = read.skills.find(({ folder }) => folder === skill.folder)?.files ?? []
  const files = entries.flatMap(({ path }) => read.files.get(path) ?? [])
  const instructions: Source = { path: skill.location, text: () => instructionsOf(skill) }
  return {
    skill,
    sources: [instructions, ...files.flatMap(sourceOf)],
    kept: files.flatMap(({ attachment }) => attachment?.text ?? []),
  }
}

const relative = ({ folder, name }: FileSkill, path: string): string => `${name}${path.slice(folder.length)}`

// Paths as they are come first, so that no name of a skill can stand for a file of another one.
const namesOf = (all: readonly Found[]): Map<string, Source> => {
  const names = new Map<string, Source>()
  const add = (name: string, source: Source) => names.has(name) || names.set(name, source)
  for (const { sources } of all) for (const source of sources) add(source.path, source)
  for (const { skill, sources } of all) for (const source of sources) add(relative(skill, source.path), source)
  return names
}

const isNear = (path: string, wanted: string): boolean =>
  path.endsWith(`/${wanted}`) || path.startsWith(wanted.endsWith('/') ? wanted : `${wanted}/`)

const nearOf = (names: ReadonlyMap<string, Source>, wanted: string): string[] => {
  const near = [...names].flatMap(([name, { path }]) => (isNear(name, wanted) ? [path] : []))
  return [...new Set(near)].slice(0, MOST_NEAR)
}

/** The files of visible skills, found by their exact names and no others. */
export const skillShelf = (read: FolderRead, skills: readonly FileSkill[]): SkillShelf => {
  const all = skills.filter(({ isVisible }) => isVisible).map((skill) => found(read, skill))
  const names = namesOf(all)
  return {
    hasMore: all.some(({ sources }) => sources.length > 1),
    weight: all.reduce((sum, { kept }) => sum + kept.reduce((length, text) => length + text.length, 0), 0),
    read: async (path) => {
      const source = names.get(path)
      if (!source) return { fault: 'unknown', near: nearOf(names, path) }
      const text = await source.text()
      return text === null ? { fault: 'changed' } : { text }
    },
  }
}
