import { LRUCache } from 'lru-cache'
import { type PolicyFiles, policiesIn } from '@/lib/governance'
import {
  type FileSkill,
  httpToolsOf,
  parseSkill,
  renderSkills,
  type SkillHttpTool,
  skillSet,
  skipSkill,
  thisHost,
  toolGrantsOf,
} from '@/lib/skills'
import { bundleHash } from './bundle-hash'
import { CONFIG_FILE, isPolicyFile, POLICY_FOLDER, POLICY_TESTS } from './file-kind'
import type { StablePrompt } from './prompt-file'
import type { FolderFile, FolderRead } from './read-folder'
import { type SkillShelf, skillShelf } from './skill-files'
import type { SmartIndex } from './smart-index'
import type { Refusal } from './walk-folder'
import { type ActiveHours, type DeclaredRisk, readConfig } from './workspace-config'

// What one folder holds at one moment. It is shared by all who read that folder and never changes;
// prompts and the index made from it are kept with it and go when it goes.
export type FolderBundle = {
  hash: string
  texts: ReadonlyMap<string, string>
  paths: readonly string[]
  // All of them, by path.
  files: readonly FolderFile[]
  skills: readonly FileSkill[]
  toolGrants: readonly string[]
  httpTools: readonly SkillHttpTool[]
  skillFiles: SkillShelf
  // Prompts name the skills and leave out what they say.
  listsSkills: boolean
  heartbeatIsEmpty: boolean
  activeHours?: ActiveHours
  declaredRisk: DeclaredRisk
  hasBootMarker: boolean
  // What may be done here; where one of them cannot be read, nothing.
  policies: PolicyFiles
  warnings: readonly string[]
  // Rules stand here that could not be read: what is kept of this folder would permit more than the folder does.
  hidesRules: boolean
  prompts: LRUCache<string, StablePrompt>
  smart: { index: SmartIndex | null }
  // The same folder as if it held these skills and no others.
  narrow(names: readonly string[]): FolderBundle
}

const MOST_PROMPTS = 64
const MOST_VIEWS = 16

// Headings and blank lines ask for nothing.
export const isEmptyHeartbeat = (text: string | undefined): boolean =>
  text?.split(/\r?\n/).every((line) => /^\s*$|^\s{0,3}#{1,6}(?:\s.*)?$/.test(line)) ?? false

type Texts = ReadonlyMap<string, string>

const foundIn = (read: FolderRead, texts: Texts, hasConfig: (key: string) => boolean): FileSkill[] => {
  const host = thisHost(hasConfig)
  return read.skills.map(({ folder, source, files, reason }) => {
    const text = texts.get(`${folder}/SKILL.md`)
    const inside = files.map(({ path }) => path.slice(folder.length + 1))
    const file = { folder, source, text: text ?? '', files: inside }
    if (reason !== undefined || text === undefined) return skipSkill(file, reason ?? 'the file cannot be read')
    return parseSkill(file, host)
  })
}

type Skilled = Pick<FolderBundle, 'skills' | 'toolGrants' | 'httpTools' | 'skillFiles' | 'listsSkills'>

const skilled = (read: FolderRead, found: readonly FileSkill[]): Skilled => {
  const skills = skillSet(found)
  return {
    skills,
    toolGrants: toolGrantsOf(skills),
    httpTools: httpToolsOf(skills),
    skillFiles: skillShelf(read, skills),
    listsSkills: renderSkills(skills.filter(({ isVisible }) => isVisible)).form === 'catalog',
  }
}

// Prompts and the index are made from the skills, so each view has its own.
const viewed = (
  read: FolderRead,
  found: readonly FileSkill[],
  rest: Omit<FolderBundle, keyof Skilled | 'prompts' | 'smart'>,
): FolderBundle => ({
  ...rest,
  ...skilled(read, found),
  prompts: new LRUCache({ max: MOST_PROMPTS }),
  smart: { index: null },
})

const TESTS = `${POLICY_FOLDER}/${POLICY_TESTS}/`

// A rule may stand in what could not be read there; tests are none, and neither is a large file of another kind.
const hidesRules = ({ path, isSize }: Refusal): boolean => {
  if (path !== POLICY_FOLDER && !path.startsWith(`${POLICY_FOLDER}/`)) return false
  return !path.startsWith(TESTS) && (isSize !== true || isPolicyFile(path))
}

const told = (refused: readonly Refusal[]): string[] => refused.map(({ path, reason }) => `${path} ${reason}`)

const policiesOf = ({ refused }: FolderRead, texts: Texts): PolicyFiles => {
  const files = [...texts].filter(([path]) => isPolicyFile(path)).map(([path, text]) => ({ path, text }))
  const found = policiesIn(files)
  return { ...found, faults: [...told(refused.filter(hidesRules)), ...found.faults] }
}

// A bundle that was kept elsewhere has the hash under which it is known.
export const makeBundle = (read: FolderRead, hash?: string): FolderBundle => {
  const files = [...read.files.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  const texts = new Map(files.flatMap(({ path, text }) => (text === undefined ? [] : [[path, text] as const])))
  const config = readConfig(texts.get(CONFIG_FILE))
  const found = foundIn(read, texts, config.hasKey)
  const views = new LRUCache<string, FolderBundle>({ max: MOST_VIEWS })
  const narrow = (names: readonly string[]): FolderBundle => {
    const key = JSON.stringify([...new Set(names)].sort())
    const known = views.get(key)
    if (known) return known
    const only = found.filter(({ name }) => names.includes(name))
    const made = viewed(read, only, rest)
    views.set(key, made)
    return made
  }
  const policies = policiesOf(read, texts)
  const unread = told(read.refused.filter((refusal) => !hidesRules(refusal)))
  const rest = {
    hash: hash ?? bundleHash(files),
    texts,
    paths: files.map(({ path }) => path),
    files,
    heartbeatIsEmpty: isEmptyHeartbeat(texts.get('HEARTBEAT.md')),
    ...(config.activeHours ? { activeHours: config.activeHours } : {}),
    declaredRisk: config.declaredRisk,
    hasBootMarker: read.hasBootMarker,
    policies,
    warnings: [...config.warnings, ...policies.faults, ...unread],
    hidesRules: read.refused.some(hidesRules),
    narrow,
  }
  return viewed(read, found, rest)
}
