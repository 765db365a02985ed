import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { mayBeOpened, NEVER_OPENED, PERMISSIONS, type Permission } from '@/lib/shared/rbac'
import { type BreakGlassView, MAX_WINDOW_MINUTES, OPENABLE, type Receipt } from '../contract/receipt'
import { presentReceipt } from './present'
import { reachOf } from './reach'
import { findReceipts, timeValue } from './store'

const MOST_SHOWN = 100
const MOST_TOLD = 5

const byRole = ({ identity }: Scope, permission: Permission): boolean =>
  identity.permissions.has(permission) && identity.opened?.has(permission) !== true

export const openableFor = (scope: Scope): Permission[] => OPENABLE.filter((permission) => !byRole(scope, permission))

const refuse = (message: string): never => {
  throw new Problem('invalid_request', message, { formErrors: [], fieldErrors: { permissions: [message] } })
}

/** The wished permissions without doubles; whatever a window may not open, or need not, is refused by name. */
export const wishedOf = (scope: Scope, wished: readonly Permission[]): Permission[] => {
  const never = wished.find((permission) => !mayBeOpened(permission))
  if (never !== undefined) refuse(`${never} is never opened.`)
  const held = wished.find((permission) => byRole(scope, permission))
  if (held !== undefined) refuse(`${held} is held already.`)
  return [...new Set(wished)].sort()
}

/** What every administrator is to see: windows that are open, and those that nobody has acknowledged. */
export const openWindows = async (scope: Scope): Promise<Receipt[]> => {
  const reach = reachOf(scope)
  const [now, waiting] = await Promise.all([
    findReceipts(scope, { window: timeValue('now', scope.clock.now()), ...reach }, MOST_TOLD),
    findReceipts(scope, { kind: { kind: 'break_glass' }, open: {}, ...reach }, MOST_TOLD),
  ])
  const rows = new Map([...now, ...waiting].map((row) => [row.id, row]))
  return [...rows.values()].map((row) => presentReceipt(scope, row))
}

export const showBreakGlass = async (scope: Scope): Promise<BreakGlassView> => {
  const rows = await findReceipts(scope, { window: timeValue('now', scope.clock.now()), ...reachOf(scope) }, MOST_SHOWN)
  const windows = rows.map((row) => presentReceipt(scope, row))
  const { userId } = scope.identity
  return {
    windows,
    mine: windows.find((window) => userId !== null && window.user_id === userId) ?? null,
    openable: openableFor(scope).map((permission) => ({ permission, means: PERMISSIONS[permission].means })),
    never: Object.entries(NEVER_OPENED).map(([permission, why]) => ({ permission: permission as Permission, why })),
    max_minutes: MAX_WINDOW_MINUTES,
  }
}
