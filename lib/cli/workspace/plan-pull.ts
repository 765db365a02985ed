import type { RemoteFile } from './fetch-version'

// Hashes of files by path.
export type Hashes = ReadonlyMap<string, { sha256: string; isExecutable: boolean }>

export type PullPlan = {
  write: RemoteFile[]
  remove: string[]
  // What somebody changed here that the version would overwrite.
  conflicts: { path: string; reason: string }[]
}

type Places = {
  remote: readonly RemoteFile[]
  local: Hashes
  // As this folder was when it was last the same as a version.
  base: Readonly<Record<string, string>>
}

const markOf = (sha256: string, isExecutable: boolean): string => (isExecutable ? `${sha256} x` : sha256)

/** How a file is remembered: its hash, and whether it may be run. */
export const marksOf = (files: Iterable<{ path: string; sha256: string; isExecutable: boolean }>) =>
  Object.fromEntries([...files].map(({ path, sha256, isExecutable }) => [path, markOf(sha256, isExecutable)]))

const own = (base: Places['base'], path: string): string | undefined =>
  Object.hasOwn(base, path) ? base[path] : undefined

const conflictOf = (here: string | undefined, before: string | undefined): string | null => {
  if (here === undefined) return before === undefined ? null : 'was deleted here'
  if (before === undefined) return 'is here already and differs'
  return here === before ? null : 'was changed here'
}

/**
 * What has to be done to make a folder the version: only files that differ are touched, files that the version does not
 * know stay, and what was changed here and not there stays as it is.
 */
export const planPull = ({ remote, local, base }: Places, isForced: boolean): PullPlan => {
  const plan: PullPlan = { write: [], remove: [], conflicts: [] }
  const hereOf = (path: string): string | undefined => {
    const file = local.get(path)
    return file && markOf(file.sha256, file.isExecutable)
  }
  for (const file of remote) {
    const [here, there, before] = [hereOf(file.path), markOf(file.sha256, file.isExecutable), own(base, file.path)]
    if (here === there || (there === before && !isForced)) continue
    const reason = isForced ? null : conflictOf(here, before)
    if (reason === null) plan.write.push(file)
    else plan.conflicts.push({ path: file.path, reason })
  }
  const known = new Set(remote.map(({ path }) => path))
  for (const path of Object.keys(base)) {
    const here = hereOf(path)
    if (known.has(path) || here === undefined) continue
    if (isForced || here === own(base, path)) plan.remove.push(path)
    else plan.conflicts.push({ path, reason: 'was changed here and deleted there' })
  }
  return plan
}
