import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import type { ReplyOf } from '@/lib/shared/contract'
import type { opsListWorkspaces, WorkspaceSummary } from '../contract/workspaces'
import { environmentsOf } from '../environments/read-pin'
import { findPins } from '../environments/store'
import { listWorkspaces } from '../list-workspaces'
import { placeOf } from '../place'
import { around, presentVersion } from './present-version'
import { shortHash } from './require-version'
import { pageOfVersions } from './store'

type Known = { id: string; name: string }

const environmentsIn = async (scope: Scope, workspaceId: string): Promise<WorkspaceSummary['environments']> => {
  const [rows, pins] = [await environmentsOf(scope, workspaceId), await findPins(scope.db, workspaceId)]
  const pinOf = new Map(pins.map((pin) => [pin.environment, pin]))
  return rows.map(({ name, isLocked, isDefault }) => {
    const pin = pinOf.get(name)
    return {
      environment: name,
      version_hash: pin ? shortHash(pin.versionHash) : null,
      canary_hash: pin?.canary ? shortHash(pin.canary.versionHash) : null,
      locked: isLocked,
      is_default: isDefault,
    }
  })
}

const summaryOf = async (scope: Scope, { id, name }: Known): Promise<WorkspaceSummary> => {
  const { rows, total } = await pageOfVersions(scope.db, id, { limit: 1, offset: 0 })
  const [head] = rows
  return {
    workspace_id: id,
    name,
    has_folder: placeOf(kernel().env, scope.tenantId, id) !== null,
    versions: total,
    latest: head ? presentVersion(head, await around(scope, id)) : null,
    environments: await environmentsIn(scope, id),
  }
}

type Asked = { q?: string | undefined; limit: number; offset: number }

/** The workspaces that the caller may see, each with its last version and what its environments run. */
export const surveyWorkspaces = async (
  scope: Scope,
  { q, limit, offset }: Asked,
): Promise<ReplyOf<typeof opsListWorkspaces>> => {
  const part = q?.toLowerCase()
  const known = (await listWorkspaces(scope)).filter(
    ({ id, name }) => part === undefined || id.toLowerCase().includes(part) || name.toLowerCase().includes(part),
  )
  const workspaces: WorkspaceSummary[] = []
  for (const one of known.slice(offset, offset + limit)) workspaces.push(await summaryOf(scope, one))
  return { workspaces, total: known.length, has_more: offset + workspaces.length < known.length, limit, offset }
}
