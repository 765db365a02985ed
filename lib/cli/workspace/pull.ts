import { mkdirSync } from 'node:fs'
import { localFiles } from '@/lib/workspace'
import { plain } from '../approvals/show'
import { DONE, FAILED, type Terminal } from '../command'
import { fetchVersion } from './fetch-version'
import { marksOf, type PullPlan, planPull } from './plan-pull'
import type { Door } from './server'
import { readState, writeState } from './state-file'
import { faultsIn, writeFiles } from './write-files'

export type Pull = { folder: string; workspace: string; version: string; force: boolean; json: boolean }

const tell = ({ write, remove }: PullPlan, known: ReadonlySet<string>): string[] => [
  ...write.map(({ path }) => `${known.has(path) ? 'M' : 'A'} ${plain(path)}`),
  ...remove.map((path) => `D ${plain(path)}`),
]

/** Makes the folder the version. All of it is done or nothing; what was changed here is not overwritten unless forced. */
export const pull = async (door: Door, wish: Pull, { out, err }: Terminal): Promise<number> => {
  const { folder, workspace, force, json } = wish
  const remote = await fetchVersion(door, wish.version)
  mkdirSync(folder, { recursive: true })
  const { files } = await localFiles(folder)
  const local = new Map(files.map((file) => [file.path, file]))
  const plan = planPull({ remote: remote.files, local, base: readState(folder, workspace)?.files ?? {} }, force)
  const faults = plan.conflicts.length > 0 ? plan.conflicts : faultsIn(folder, plan, new Set(local.keys()))
  if (faults.length > 0) {
    err('Nothing was pulled: these files would be lost.')
    for (const { path, reason } of faults) err(`  ${plain(path)} ${reason}`)
    if (plan.conflicts.length > 0) err('--force takes them from the server.')
    return FAILED
  }
  writeFiles(folder, plan)
  writeState(folder, { workspace_id: workspace, version_hash: remote.hash, files: marksOf(remote.files) })
  const changes = tell(plan, new Set(local.keys()))
  if (json) out(JSON.stringify({ version_hash: remote.hash.slice(0, 16), changes }))
  else {
    for (const line of changes) out(line)
    out(
      `${changes.length === 0 ? 'Nothing to do:' : 'Pulled'} ${remote.hash.slice(0, 16)} (${remote.files.length} files)`,
    )
  }
  return DONE
}
