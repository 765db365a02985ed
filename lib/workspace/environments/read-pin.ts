import type { ReadDb, Scope } from '@/lib/core/scope'
import type { Pin } from './pin-set'
import { type EnvironmentRow, findEnvironment, findEnvironments, findPin, findPins } from './store'

export const DEFAULT_ENVIRONMENT = 'default'

// The way that changes take, then whatever else there is.
export const STAGES: readonly string[] = ['dev', 'staging', 'prod']

const rankOf = (name: string): number => {
  const at = STAGES.indexOf(name)
  return at < 0 ? STAGES.length : at
}

export const readPin = async (scope: Scope, workspaceId: string, environment: string): Promise<Pin | null> =>
  findPin(scope.db, workspaceId, environment)

/** dev, staging, prod, then the others by name. */
export const environmentsOf = async (scope: Scope, workspaceId: string): Promise<EnvironmentRow[]> =>
  (await findEnvironments(scope.db, workspaceId)).sort(
    (a, b) => rankOf(a.name) - rankOf(b.name) || (a.name < b.name ? -1 : 1),
  )

/** Within a transaction it is the word that counts; before one it is only a hint. */
export const isLocked = async (db: ReadDb, workspaceId: string, environment: string): Promise<boolean> =>
  (await findEnvironment(db, workspaceId, environment))?.isLocked ?? false

/** For whoever chooses where to run: by name, with the default one and whether anything is pinned there. */
export const offeredEnvironments = async (scope: Scope, workspaceId: string) => {
  const [rows, pins] = await Promise.all([environmentsOf(scope, workspaceId), findPins(scope.db, workspaceId)])
  const pinned = new Set(pins.map(({ environment }) => environment))
  if (rows.length === 0)
    return [{ name: DEFAULT_ENVIRONMENT, is_default: true, is_pinned: pinned.has(DEFAULT_ENVIRONMENT) }]
  return rows.map(({ name, isDefault }) => ({ name, is_default: isDefault, is_pinned: pinned.has(name) }))
}
