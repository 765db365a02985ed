import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

// What this folder was last the same as. Hidden, so that it is no part of the workspace; without times and in one order,
// so that it can be committed beside it.
const NAME = '.clasper-workspace.json'

const State = z.object({
  workspace_id: z.string(),
  version_hash: z.string(),
  files: z.record(z.string(), z.string()),
})
export type State = z.output<typeof State>

export const readState = (folder: string, workspace: string): State | null => {
  const file = join(folder, NAME)
  if (!existsSync(file)) return null
  try {
    const state = State.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    return state.success && state.data.workspace_id === workspace ? state.data : null
  } catch {
    return null
  }
}

/** The workspace that this folder belongs to, where that was ever said. */
export const knownWorkspace = (folder: string): string | null => {
  const file = join(folder, NAME)
  if (!existsSync(file)) return null
  try {
    return z.object({ workspace_id: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).workspace_id
  } catch {
    return null
  }
}

const sorted = (files: State['files']): State['files'] =>
  Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)))

export const writeState = (folder: string, { workspace_id, version_hash, files }: State): void => {
  const text = `${JSON.stringify({ workspace_id, version_hash, files: sorted(files) }, null, 2)}\n`
  const file = join(folder, NAME)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}
