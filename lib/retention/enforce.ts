import { tenantScopes } from '@/lib/auth'
import { dateOf, monotonicMs } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import type { ReplyOf } from '@/lib/shared/contract'
import { oldestTraceAt } from '@/lib/tracing'
import { type About, certify } from './certificate'
import type { Enforced, Enforcement, EnforceResult, opsPreviewRetention } from './contract'
import type { Plan } from './fate'
import { mayGoOn, newPass, type Pass, takeDue } from './pass'
import { type Effect, previewPass } from './preview'
import { cutoffOf, type Rules } from './rules'
import { rulesOf } from './store'
import { sweep } from './sweep'
import { requireWholeTenant } from './whole-tenant'

// So long a caller waits; a job does what is left.
const REQUEST_MS = 20_000

const planOf = (scope: Scope, rules: Rules, graceMs = 0): Plan => {
  const now = scope.clock.now()
  return { rules, cutoff: cutoffOf(rules, now), endedBefore: now.getTime() - graceMs }
}

const NO_EFFECT: Effect = { traces_deleted: 0, traces_reduced: 0, bytes_reclaimed: 0 }

const resultOf = async (scope: Scope, pass: Pass, effect: Effect, dryRun: boolean): Promise<EnforceResult> => {
  const isHeld = pass.plan.rules.legal_hold
  const { counts, freed, snapshots, left, digests } = pass.tally
  const oldest = await oldestTraceAt(scope)
  return {
    tenant_id: scope.tenantId,
    cutoff_date: dateOf(pass.plan.cutoff).toISOString(),
    ...(isHeld ? NO_EFFECT : effect),
    duration_ms: Math.round(monotonicMs() - pass.startedMs),
    oldest_remaining_trace: oldest?.toISOString() ?? null,
    bodies_deleted: freed.bodies,
    snapshots_deleted: snapshots,
    dry_run: dryRun,
    is_complete: pass.stopped === null,
    legal_hold: isHeld,
    held_back: isHeld && dryRun ? effect : null,
    left,
    pass_id: dryRun || isHeld ? null : pass.id,
    ids_sha256: dryRun || isHeld || counts.delete === 0 ? null : digests.delete.hex(),
  }
}

const preview = async (scope: Scope, rules: Rules, budgetMs: number): Promise<EnforceResult> => {
  const pass = newPass(scope, planOf(scope, rules), budgetMs)
  const effect = await previewPass(scope, pass)
  return resultOf(scope, pass, effect, true)
}

const effectOf = ({ tally }: Pass): Effect => ({
  traces_deleted: tally.counts.delete,
  traces_reduced: tally.counts.reduce,
  bytes_reclaimed: tally.bytes,
})

type Run = { graceMs?: number; budgetMs: number; signal?: AbortSignal; sweepOnly?: boolean }

export const enforceHere = async (scope: Scope, about: About, run: Run): Promise<EnforceResult> => {
  const rules = await rulesOf(scope.db)
  const pass = newPass(scope, planOf(scope, rules, run.graceMs), run.budgetMs, run.signal)
  if (rules.legal_hold) return resultOf(scope, pass, NO_EFFECT, false)
  if (!run.sweepOnly) await takeDue(scope, pass)
  if (mayGoOn(pass)) await sweep(scope, pass)
  await certify(scope, pass, about)
  return resultOf(scope, pass, effectOf(pass), false)
}

/** The policy of one tenant, or of each of the caller's tenants, applied now. */
export const enforce = async (scope: Scope, asked: Enforcement, isNamed: boolean): Promise<Enforced> => {
  requireWholeTenant(scope)
  const { reason_code, justification } = asked
  const ends = monotonicMs() + REQUEST_MS
  const act = async (place: Scope): Promise<EnforceResult> => {
    const budgetMs = ends - monotonicMs()
    if (asked.dry_run) return preview(place, await rulesOf(place.db), budgetMs)
    return enforceHere(place, { by: 'request', reason_code, justification }, { budgetMs })
  }
  if (isNamed || scope.tenantId !== scope.identity.tenantId) return { status: 'ok', result: await act(scope) }
  const results: EnforceResult[] = []
  for (const place of await tenantScopes(scope)) results.push(await act(place))
  return { status: 'ok', results, total_deleted: results.reduce((sum, { traces_deleted: n }) => sum + n, 0) }
}

type Wished = { [K in keyof Rules]?: Rules[K] | undefined }

/** What a pass would do under the policy, or under another one, before it is set. */
export const previewPolicy = async (scope: Scope, wished: Wished): Promise<ReplyOf<typeof opsPreviewRetention>> => {
  requireWholeTenant(scope)
  const rules = await rulesOf(scope.db)
  const tried: Rules = {
    retention_days: wished.retention_days ?? rules.retention_days,
    sampling_strategy: wished.sampling_strategy ?? rules.sampling_strategy,
    storage_mode: wished.storage_mode ?? rules.storage_mode,
    legal_hold: rules.legal_hold,
  }
  return { result: await preview(scope, tried, REQUEST_MS) }
}
