import type { Scope } from '@/lib/core/scope'
import { readBodies } from '../bodies'
import { findBundleFiles, type KeptFile } from '../store-diff'
import type { DiffSide, FileChange } from './diff-side'
import { lineCounts } from './word-diff'

const MOST_FILES = 200
const MOST_BYTES = 1_000_000

type Both = { path: string; base: KeptFile | undefined; compare: KeptFile | undefined }

const changedOf = (base: readonly KeptFile[], compare: readonly KeptFile[]): Both[] => {
  const [a, b] = [new Map(base.map((file) => [file.path, file])), new Map(compare.map((file) => [file.path, file]))]
  return [...new Set([...a.keys(), ...b.keys()])]
    .sort()
    .map((path) => ({ path, base: a.get(path), compare: b.get(path) }))
    .filter((both) => both.base?.bodyHash !== both.compare?.bodyHash)
}

const isReadable = ({ base, compare }: Both): boolean => (base?.size ?? 0) + (compare?.size ?? 0) <= MOST_BYTES

const changeOf = ({ path, base, compare }: Both, texts: ReadonlyMap<string, string>): FileChange => {
  const [before, after] = [base, compare].map((file) => (file ? (texts.get(file.bodyHash) ?? '') : ''))
  const { added, removed } = lineCounts(before ?? '', after ?? '')
  const status = base === undefined ? 'added' : compare === undefined ? 'removed' : 'modified'
  return { path, status, lines_added: added, lines_removed: removed }
}

// Which files of the workspace differ; null unless both versions were kept.
export const changedFiles = async (scope: Scope, base: DiffSide, compare: DiffSide): Promise<FileChange[] | null> => {
  const [before, after] = [base.workspaceHash, compare.workspaceHash]
  if (before === null || after === null || before === after) return null
  const [a, b] = [await findBundleFiles(scope.db, before), await findBundleFiles(scope.db, after)]
  if (a.length === 0 || b.length === 0) return null
  const changed = changedOf(a, b).slice(0, MOST_FILES)
  const wanted = changed.filter(isReadable).flatMap((both) => [both.base, both.compare])
  const texts = await readBodies(
    scope,
    wanted.flatMap((file) => file?.bodyHash ?? []),
  )
  return changed.map((both) => changeOf(both, texts))
}
