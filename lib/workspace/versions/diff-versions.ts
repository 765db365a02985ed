import type { Scope } from '@/lib/core/scope'
import type { FileChange, PromptChange, VersionDiff } from '../contract/version-diff'
import type { FolderBundle } from '../folder-bundle'
import { dayOf, localTime } from '../local-time'
import {
  type ChangedFile,
  changedFiles,
  changesOf,
  grantChanges,
  promptOf,
  rolesOf,
  shownText,
  skillsIn,
  type Today,
} from './changed-parts'
import { type DiffBudget, lineDiff, newDiffBudget } from './line-diff'
import { shortHash } from './require-version'
import { type Side, sideOf } from './side'

const MOST_FILES = 2_000
const MOST_ROLES = 50

const sizeOf = (file: ChangedFile['before']): number | null => file?.size ?? null

const fileChange = ({ path, status, before, after }: ChangedFile, budget: DiffBudget): FileChange => {
  const [a, b] = [shownText(before), shownText(after)]
  const isBinary = a === undefined || b === undefined
  const sizes = { old_size: sizeOf(before), new_size: sizeOf(after) }
  if (isBinary) return { path, status, ...sizes, is_binary: true, lines_added: 0, lines_removed: 0, hunks: null }
  const { added, removed, hunks } = lineDiff(a, b, budget)
  return { path, status, ...sizes, is_binary: false, lines_added: added, lines_removed: removed, hunks }
}

const promptChanges = (from: FolderBundle, to: FolderBundle, days: Today, budget: DiffBudget): PromptChange[] =>
  rolesOf(from, to)
    .slice(0, MOST_ROLES)
    .flatMap((role) => {
      const [a, b] = [promptOf(from, role, days), promptOf(to, role, days)]
      if (a === b) return []
      const { added, removed, hunks } = lineDiff(a, b, budget)
      return [{ role, old_size: a.length, new_size: b.length, lines_added: added, lines_removed: removed, hunks }]
    })

const namesNotIn = (names: readonly string[], others: readonly string[]): string[] => {
  const known = new Set(others)
  return [...new Set(names)].filter((name) => !known.has(name)).sort()
}

const toolsIn = ({ toolGrants, httpTools }: FolderBundle): string[] => [
  ...toolGrants,
  ...httpTools.map(({ name }) => name),
]

const policiesIn = ({ policies }: FolderBundle): Map<string, string> =>
  new Map(policies.rules.map(({ id, canonical }) => [id, canonical]))

const notesOf = (files: readonly ChangedFile[], roles: readonly string[], shown: readonly FileChange[]): string[] => {
  const hidden = shown.filter(({ is_binary: isBinary, hunks }) => !isBinary && hunks === null).length
  return [
    ...(files.length > MOST_FILES ? [`${files.length - MOST_FILES} more files differ`] : []),
    ...(roles.length > MOST_ROLES ? [`${roles.length - MOST_ROLES} more roles are not compared`] : []),
    ...(hidden > 0 ? [`The lines of ${hidden} files are too many to be shown`] : []),
  ]
}

const totalOf = (files: readonly FileChange[], key: 'lines_added' | 'lines_removed'): number =>
  files.reduce((sum, file) => sum + file[key], 0)

const told = ({ hash, isCurrent }: Side) => ({ version_hash: shortHash(hash), is_current: isCurrent })

export const diffOf = (workspaceId: string, from: Side, to: Side, days: Today): VersionDiff => {
  const [a, b] = [from.folder, to.folder]
  const budget = newDiffBudget()
  const changed = changedFiles(a, b)
  const files = changed.slice(0, MOST_FILES).map((file) => fileChange(file, budget))
  const [before, after] = [skillsIn(a), skillsIn(b)]
  const skills = changesOf(before, after, (x, y) => x.mark === y.mark)
  return {
    workspace_id: workspaceId,
    ...{ from: told(from), to: told(to), is_same: changed.length === 0 },
    summary: {
      files_changed: changed.length,
      lines_added: totalOf(files, 'lines_added'),
      lines_removed: totalOf(files, 'lines_removed'),
    },
    files,
    prompts: promptChanges(a, b, days, newDiffBudget()),
    tools: { added: namesNotIn(toolsIn(b), toolsIn(a)), removed: namesNotIn(toolsIn(a), toolsIn(b)) },
    permissions: grantChanges(a, b),
    policies: changesOf(policiesIn(a), policiesIn(b), (x, y) => x === y).map(({ name, change }) => ({
      policy_id: name,
      change,
    })),
    skills: skills.map(({ name, change }) => {
      const location = (change === 'deleted' ? before : after).get(name)?.location ?? ''
      return { name, location, change }
    }),
    notes: notesOf(changed, rolesOf(a, b), files),
  }
}

/** The days that a prompt made now would speak of. */
export const daysNow = (scope: Scope): Today => {
  const at = localTime(scope.clock.now(), 'UTC')
  return { today: dayOf(at), yesterday: dayOf(at, 1) }
}

/** How two versions of a workspace differ, each named by its digits, `latest`, or `current` for the files as they are. */
export const diffVersions = async (
  scope: Scope,
  workspaceId: string,
  oldHash: string,
  newHash: string,
): Promise<VersionDiff> => {
  const [from, to] = [await sideOf(scope, workspaceId, oldHash), await sideOf(scope, workspaceId, newHash)]
  return diffOf(workspaceId, from, to, daysNow(scope))
}

export const showDiff = async (
  scope: Scope,
  workspaceId: string,
  { from, to }: { from: string; to: string },
): Promise<{ diff: VersionDiff }> => ({ diff: await diffVersions(scope, workspaceId, from, to) })
