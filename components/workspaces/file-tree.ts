import type { Entry } from './draft'

export type Folder = { name: string; path: string; folders: Folder[]; files: (Entry & { name: string })[] }

const folderIn = (parent: Folder, name: string): Folder => {
  const known = parent.folders.find((folder) => folder.name === name)
  if (known) return known
  const path = parent.path === '' ? name : `${parent.path}/${name}`
  const made = { name, path, folders: [], files: [] }
  parent.folders.push(made)
  return made
}

/** Files by path, as folders that hold one another. */
export const treeOf = (entries: readonly Entry[]): Folder => {
  const root: Folder = { name: '', path: '', folders: [], files: [] }
  for (const entry of entries) {
    const parts = entry.path.split('/')
    const name = parts.pop() ?? entry.path
    const holder = parts.reduce(folderIn, root)
    holder.files.push({ ...entry, name })
  }
  return root
}

export const countIn = ({ folders, files }: Folder): number =>
  files.length + folders.reduce((sum, folder) => sum + countIn(folder), 0)

export const hasChanges = ({ folders, files }: Folder): boolean =>
  files.some(({ state }) => state !== 'same') || folders.some(hasChanges)
