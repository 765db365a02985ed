import { isUtf8 } from 'node:buffer'
import { bundleHash, lineDiff, localFiles, newDiffBudget } from '@/lib/workspace'
import { diffVersions, type Hunk, type VersionDiff } from '@/lib/workspace/contract/version-diff'
import { plain } from '../approvals/show'
import { DONE, FAILED, type Terminal } from '../command'
import { fetchVersion } from './fetch-version'
import { ask, type Door } from './server'

type How = { json: boolean; exitCode: boolean }

// Tabs are part of what programs are written in, and steer no terminal.
const shown = (line: string): string => line.split('\t').map(plain).join('\t')

const hunkLines = ({ old_start: a, old_lines: n, new_start: b, new_lines: m, lines }: Hunk): string[] => [
  `@@ -${a},${n} +${b},${m} @@`,
  ...lines.flatMap((line) => line.split('\n')).map(shown),
]

const fileLines = (path: string, isOld: boolean, isNew: boolean, hunks: readonly Hunk[] | null): string[] => [
  `--- ${isOld ? `a/${plain(path)}` : '/dev/null'}`,
  `+++ ${isNew ? `b/${plain(path)}` : '/dev/null'}`,
  ...(hunks === null ? ['Binary, or too much to show.'] : hunks.flatMap(hunkLines)),
]

const endOf = (isSame: boolean, { exitCode }: How): number => (isSame || !exitCode ? DONE : FAILED)

const textOf = (bytes: Uint8Array | undefined): string | null => {
  if (bytes === undefined) return ''
  return isUtf8(bytes) && !bytes.includes(0) ? Buffer.from(bytes).toString('utf8') : null
}

type File = { path: string; bytes: Uint8Array; sha256: string; isExecutable: boolean }

const changedPaths = (before: ReadonlyMap<string, File>, after: ReadonlyMap<string, File>): string[] =>
  [...new Set([...before.keys(), ...after.keys()])].sort().filter((path) => {
    const [a, b] = [before.get(path), after.get(path)]
    return a?.sha256 !== b?.sha256 || a?.isExecutable !== b?.isExecutable
  })

type Local = How & { folder: string; version: string }

/** How the folder differs from a version, as Git would print it. */
export const diffLocal = async (door: Door, wish: Local, { out, err }: Terminal): Promise<number> => {
  const remote = await fetchVersion(door, wish.version)
  const { files, refused } = await localFiles(wish.folder)
  for (const { path, reason } of refused) err(`${plain(path)} ${reason}`)
  const [before, after] = [remote.files, files].map((all) => new Map(all.map((file) => [file.path, file] as const)))
  const budget = newDiffBudget()
  const paths = changedPaths(before ?? new Map(), after ?? new Map())
  if (wish.json) {
    const [from, to] = [remote.hash, bundleHash(files)].map((hash) => hash.slice(0, 16))
    out(JSON.stringify({ from, to, changed: paths }))
    return endOf(paths.length === 0, wish)
  }
  for (const path of paths) {
    const [a, b] = [before?.get(path), after?.get(path)]
    const [old, fresh] = [textOf(a?.bytes), textOf(b?.bytes)]
    const hunks = old === null || fresh === null ? null : lineDiff(old, fresh, budget).hunks
    for (const line of fileLines(path, a !== undefined, b !== undefined, hunks)) out(line)
    if (a && b && a.isExecutable !== b.isExecutable) out(b.isExecutable ? 'may be run now' : 'may no longer be run')
  }
  return endOf(paths.length === 0, wish)
}

const summaryOf = (diff: VersionDiff): string[] => [
  ...diff.tools.added.map((name) => `tool added: ${name}`),
  ...diff.tools.removed.map((name) => `tool removed: ${name}`),
  ...diff.permissions.map((one) => `permission ${one.change_type}: ${one.skill_name} → ${one.tool_name}`),
  ...diff.skills.map(({ name, change }) => `skill ${change}: ${name}`),
  ...diff.policies.map(({ policy_id: id, change }) => `policy ${change}: ${id}`),
  ...diff.prompts.map(({ role, old_size: a, new_size: b }) => `prompt of ${role}: ${a} → ${b} characters`),
  ...diff.notes,
]

/** How two versions differ, with what that means for an agent. */
export const diffRemote = async (door: Door, wish: How & { from: string; to: string }, { out }: Terminal) => {
  const query = { from: wish.from, to: wish.to }
  const { diff } = await ask(door, { path: '/diff', query }, diffVersions.reply)
  if (wish.json) {
    out(JSON.stringify(diff))
    return endOf(diff.is_same, wish)
  }
  for (const { path, status, hunks } of diff.files)
    for (const line of fileLines(path, status !== 'added', status !== 'deleted', hunks)) out(line)
  for (const line of summaryOf(diff)) out(plain(line))
  return endOf(diff.is_same, wish)
}
