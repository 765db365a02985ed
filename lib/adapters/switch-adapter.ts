import type { Scope } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'
import { presentWithKeys } from './present'
import { findAdapter, findKeys, switchAdapter } from './store'
import { assertWholeTenant } from './whole-tenant'

type Wish = { adapter_id: string; reason: string }

const switched = async (scope: Scope, { adapter_id: id, reason }: Wish, isEnabled: boolean) => {
  assertWholeTenant(scope)
  const now = scope.clock.now()
  const act = isEnabled ? 'enabled' : 'disabled'
  const data = { kind: 'adapter', act, adapter_id: id, reason: scope.redaction.text(reason) }
  return scope.mutate({ event: 'config_change', entityId: id, data }, async (db) => {
    const known = (await findAdapter(db, id)) ?? missing('adapter', id)
    const off = isEnabled ? { disabledBy: null, disabledAt: null } : { disabledBy: scope.actor, disabledAt: now }
    const row = await switchAdapter(db, known.id, { isEnabled, ...off }, now)
    return { adapter: presentWithKeys(row, await findKeys(db, [id])) }
  })
}

/** From the commit of this on, every request of the agent is refused, also with tokens that were made before. */
export const disableAdapter = (scope: Scope, wish: Wish) => switched(scope, wish, false)

export const enableAdapter = (scope: Scope, wish: Wish) => switched(scope, wish, true)
