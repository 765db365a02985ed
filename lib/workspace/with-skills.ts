import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import {
  type FileSkill,
  httpToolsOf,
  instructionsOf,
  type RegistrySkills,
  renderSkills,
  skillSet,
  toolGrantsOf,
} from '@/lib/skills'
import type { FolderBundle } from './folder-bundle'
import { type Bundle, worthReading } from './load-bundle'
import type { SkillShelf } from './skill-files'

const MOST_PROMPTS = 64
const MOST_SETS = 32
const MOST_NEAR = 20

type Sets = LRUCache<string, FolderBundle>

const setsOf = (folder: FolderBundle): Sets => {
  const all = kernel().slot('workspace.with-skills', () => new WeakMap<FolderBundle, Sets>())
  const known = all.get(folder)
  if (known) return known
  const made: Sets = new LRUCache({ max: MOST_SETS })
  all.set(folder, made)
  return made
}

const filesOf = (skill: FileSkill): (readonly [string, string])[] => {
  const files = { 'SKILL.md': instructionsOf(skill), ...skill.files }
  return Object.entries(files).flatMap(([path, text]) => [
    [`${skill.folder}/${path}`, text] as const,
    [`${skill.name}/${path}`, text] as const,
  ])
}

// What a published skill holds, before the files of the workspace.
const shelfWith = (shelf: SkillShelf, skills: readonly FileSkill[]): SkillShelf => {
  const inPlay = skills.filter(({ isVisible }) => isVisible)
  const own = new Map(inPlay.flatMap(filesOf))
  const near = (path: string) => [...own.keys()].filter((name) => name.endsWith(`/${path}`))
  const weights = inPlay.flatMap(({ files = {} }) => Object.values(files).map((text) => text.length))
  return {
    hasMore: shelf.hasMore || inPlay.some(({ files = {} }) => Object.keys(files).length > 0),
    weight: shelf.weight + weights.reduce((sum, length) => sum + length, 0),
    read: async (path) => {
      const text = own.get(path)
      if (text !== undefined) return { text }
      const answer = await shelf.read(path)
      return 'fault' in answer && answer.fault === 'unknown'
        ? { ...answer, near: [...near(path), ...answer.near].slice(0, MOST_NEAR) }
        : answer
    },
  }
}

const made = (folder: FolderBundle, given: readonly FileSkill[]): FolderBundle => {
  const names = new Set(given.map(({ name }) => name))
  const isShadowed = folder.skills.some(({ name, isKnown }) => isKnown && names.has(name))
  const rest = isShadowed ? folder.narrow(folder.skills.flatMap(({ name }) => (names.has(name) ? [] : [name]))) : folder
  const skills = skillSet([...given, ...folder.skills])
  return {
    ...folder,
    skills,
    toolGrants: toolGrantsOf(skills),
    httpTools: httpToolsOf(skills),
    skillFiles: shelfWith(rest.skillFiles, given),
    listsSkills: renderSkills(skills.filter(({ isVisible }) => isVisible)).form === 'catalog',
    prompts: new LRUCache({ max: MOST_PROMPTS }),
    smart: { index: null },
    narrow: (only) =>
      folderWith(
        folder.narrow(only),
        given.filter(({ name }) => only.includes(name)),
      ),
  }
}

// One folder may serve several tenants, and names and versions mean something else in each: what they hold tells them apart.
const keyOf = (skills: readonly FileSkill[]): string =>
  JSON.stringify(
    skills.map((skill) => {
      const { contentHash, state, isVisible, gateReason } = skill
      return contentHash === undefined ? skill : [contentHash, state, isVisible, gateReason]
    }),
  )

const folderWith = (folder: FolderBundle, skills: readonly FileSkill[]): FolderBundle => {
  if (skills.length === 0) return folder
  const key = keyOf(skills)
  const sets = setsOf(folder)
  const known = sets.get(key)
  if (known) return known
  const fresh = made(folder, skills)
  sets.set(key, fresh)
  return fresh
}

/** The same bundle with these skills, which come before files of the same name: what is pinned is what runs. */
export const withSkills = (bundle: Bundle, { skills, notes }: Pick<RegistrySkills, 'skills' | 'notes'>): Bundle => {
  if (skills.length === 0 && notes.length === 0) return bundle
  const folder = folderWith(bundle.folder, skills)
  return {
    ...bundle,
    skills: folder.skills,
    toolGrants: folder.toolGrants,
    httpTools: folder.httpTools,
    skillFiles: worthReading(folder),
    warnings: [...bundle.warnings, ...notes],
    folder,
  }
}
