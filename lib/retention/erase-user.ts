import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { type About, certify } from './certificate'
import type { Erased, Erasure } from './contract'
import { emptyAsked } from './erase-asked'
import { newPass, type Pass, takeDue } from './pass'
import { rulesOf } from './store'
import { requireWholeTenant } from './whole-tenant'

const REQUEST_MS = 20_000

const held = (): never => {
  throw new Problem('legal_hold', undefined, { reason: 'legal_hold' })
}

const passOf = async (scope: Scope, userId: string, budgetMs: number, signal?: AbortSignal): Promise<Pass> => {
  const rules = await rulesOf(scope.db)
  const now = scope.clock.now().getTime()
  return newPass(scope, { rules, cutoff: now, endedBefore: now, userId }, budgetMs, signal)
}

type Run = { budgetMs: number; signal?: AbortSignal }

export const eraseHere = async (scope: Scope, userId: string, about: About, run: Run): Promise<Pass> => {
  const pass = await passOf(scope, userId, run.budgetMs, run.signal)
  if (pass.plan.rules.legal_hold) return held()
  await emptyAsked(scope, pass, userId)
  await takeDue(scope, pass)
  await certify(scope, pass, about)
  return pass
}

/** Every trace of one user, with all that hangs on it. What runs and what is still to be delivered is left and counted. */
export const eraseUser = async (scope: Scope, asked: Erasure): Promise<Erased> => {
  requireWholeTenant(scope)
  const { user_id: userId, reason_code, justification } = asked
  const pass = await eraseHere(scope, userId, { by: 'request', reason_code, justification }, { budgetMs: REQUEST_MS })
  const { counts, bytes, freed, left, digests } = pass.tally
  return {
    status: 'ok',
    erased: {
      tenant_id: scope.tenantId,
      traces_deleted: counts.delete,
      bytes_reclaimed: bytes,
      bodies_deleted: freed.bodies,
      is_complete: pass.stopped === null,
      left,
      pass_id: pass.id,
      ids_sha256: digests.delete.hex(),
    },
  }
}
