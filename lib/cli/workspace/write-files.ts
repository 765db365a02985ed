import { lstatSync, mkdirSync, realpathSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import type { PullPlan } from './plan-pull'

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined

// The nearest folder above a path that exists already, without following where it leads.
const standing = (root: string, path: string): string => {
  for (let at = dirname(path); ; at = dirname(at)) if (at === root || isThere(at)) return at
}

const faultAt = (root: string, path: string, kept: ReadonlySet<string>): string | null => {
  const full = join(root, path)
  const above = standing(root, full)
  const stats = lstatSync(above)
  if (!stats.isDirectory() && !stats.isSymbolicLink()) return 'would stand below a file'
  const real = realpathSync(above)
  const home = realpathSync(root)
  if (real !== home && !real.startsWith(home + sep)) return 'would be written through a link that leads out'
  const here = lstatSync(full, { throwIfNoEntry: false })
  if (here?.isDirectory()) return 'is a folder here'
  return here === undefined || kept.has(path) ? null : 'is here and no part of a workspace'
}

/** Why these files cannot be written, whoever forces it; asked before the first one is. */
export const faultsIn = (root: string, { write, remove }: PullPlan, local: ReadonlySet<string>) => {
  const going = new Set(remove)
  return write.flatMap(({ path }) => {
    const parents = path.split('/').map((_, at, names) => names.slice(0, at).join('/'))
    const reason = parents.some((parent) => going.has(parent)) ? null : faultAt(root, path, local)
    return reason === null ? [] : [{ path, reason }]
  })
}

// Folders that are empty now go with their last file.
const prune = (root: string, path: string): void => {
  for (let at = dirname(path); at !== '.'; at = dirname(at)) {
    try {
      rmdirSync(join(root, at))
    } catch {
      return
    }
  }
}

/** Each file is there whole or not at all. */
export const writeFiles = (root: string, { write, remove }: PullPlan): void => {
  for (const path of remove) {
    rmSync(join(root, path), { force: true })
    prune(root, path)
  }
  for (const { path, bytes, isExecutable } of write) {
    const full = join(root, path)
    mkdirSync(dirname(full), { recursive: true })
    const fresh = join(dirname(full), `.clasper-${process.pid}.new`)
    writeFileSync(fresh, bytes, { mode: isExecutable ? 0o755 : 0o644 })
    renameSync(fresh, full)
  }
}
