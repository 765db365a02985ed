import type { FolderBundle } from '../folder-bundle'
import { rolesIn } from '../list-workspaces'
import { stablePrompt } from '../prompt-parts'
import type { FolderFile } from '../read-folder'

type Change = 'added' | 'modified' | 'deleted'

export type ChangedFile = {
  path: string
  status: Change | 'mode'
  before: FolderFile | undefined
  after: FolderFile | undefined
}

const byPath = ({ files }: FolderBundle): Map<string, FolderFile> => new Map(files.map((file) => [file.path, file]))

const statusOf = (before: FolderFile | undefined, after: FolderFile | undefined): ChangedFile['status'] | null => {
  if (before === undefined) return 'added'
  if (after === undefined) return 'deleted'
  if (before.sha256 !== after.sha256) return 'modified'
  return (before.isExecutable ?? false) === (after.isExecutable ?? false) ? null : 'mode'
}

export const changedFiles = (from: FolderBundle, to: FolderBundle): ChangedFile[] => {
  const [a, b] = [byPath(from), byPath(to)]
  return [...new Set([...a.keys(), ...b.keys()])].sort().flatMap((path) => {
    const [before, after] = [a.get(path), b.get(path)]
    const status = statusOf(before, after)
    return status === null ? [] : [{ path, status, before, after }]
  })
}

/** As a diff shows it; undefined where it is no text. */
export const shownText = (file: FolderFile | undefined): string | undefined => {
  if (file === undefined) return ''
  return file.text ?? file.attachment?.text ?? undefined
}

export type Grant = { skill_name: string; tool_name: string }

/** Which skill allows which tools: those that it names, and those that it brings. */
export const grantsIn = ({ skills }: FolderBundle): Grant[] =>
  skills
    .filter(({ isKnown }) => isKnown)
    .flatMap(({ name, allowedTools, httpTools }) =>
      [...new Set([...allowedTools, ...httpTools.map((tool) => tool.name)])].map((tool) => ({
        skill_name: name,
        tool_name: tool,
      })),
    )

const keyOf = ({ skill_name: skill, tool_name: tool }: Grant): string => JSON.stringify([skill, tool])

export const grantChanges = (from: FolderBundle, to: FolderBundle) => {
  const [a, b] = [grantsIn(from), grantsIn(to)]
  const [before, after] = [new Set(a.map(keyOf)), new Set(b.map(keyOf))]
  return [
    ...b.filter((grant) => !before.has(keyOf(grant))).map((grant) => ({ ...grant, change_type: 'added' as const })),
    ...a.filter((grant) => !after.has(keyOf(grant))).map((grant) => ({ ...grant, change_type: 'removed' as const })),
  ]
}

/** What is named on one side alone, or means something else on the other. */
export const changesOf = <T>(
  from: ReadonlyMap<string, T>,
  to: ReadonlyMap<string, T>,
  isSame: (a: T, b: T) => boolean,
): { name: string; change: Change }[] =>
  [...new Set([...from.keys(), ...to.keys()])].sort().flatMap((name): { name: string; change: Change }[] => {
    const [a, b] = [from.get(name), to.get(name)]
    if (a === undefined) return [{ name, change: 'added' }]
    if (b === undefined) return [{ name, change: 'deleted' }]
    return isSame(a, b) ? [] : [{ name, change: 'modified' }]
  })

export type SkillPart = {
  location: string
  folder: string
  version: string | null
  state: string | null
  // Equal where the skill is.
  mark: string
  files: ReadonlyMap<string, string>
  body: string
}

/** Skills by name. One of a folder is all of its files, one of the registry is what it was published as. */
export const skillsIn = ({ skills, files }: FolderBundle): Map<string, SkillPart> =>
  new Map(
    skills
      .filter(({ isKnown }) => isKnown)
      .map(({ name, location, folder, version, state, contentHash, body }) => {
        const own = contentHash === undefined ? files.filter(({ path }) => path.startsWith(`${folder}/`)) : []
        const hashes = new Map(own.map(({ path, sha256 }) => [path, sha256]))
        const mark = contentHash === undefined ? JSON.stringify([...hashes]) : `${version} ${contentHash} ${state}`
        const about = { location, folder, version: version ?? null, state: state ?? null }
        return [name, { ...about, mark, files: hashes, body }]
      }),
  )

export const DEFAULT_ROLE = 'agent'

export const rolesOf = (...folders: readonly FolderBundle[]): string[] => [
  ...new Set([DEFAULT_ROLE, ...folders.flatMap(({ paths }) => rolesIn(paths))]),
]

export type Today = { today: string; yesterday: string }

/** The prompt of an ordinary run, without the time block: that differs by itself. */
export const promptOf = (folder: FolderBundle, role: string, days: Today): string =>
  stablePrompt(folder, { role, isHeartbeat: false, isBootComplete: true, ...days }, false).text
