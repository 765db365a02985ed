import type { Scope } from '@/lib/core/scope'
import { stableJson } from '@/lib/shared/stable-json'
import { viewOf } from './candidate'
import { dryRun } from './checks/all-checks'
import { checkOf, fail, pass, type Subject } from './checks/check'
import { lockFinding } from './checks/place-checks'
import type { Check, Checks } from './contract'
import { wireRoute } from './create-promotion'
import { checksOf, look, type Seen } from './look'
import { enter, isTargetLocked } from './route-state'
import { findOpen, type PromotionRow } from './store'
import { candidateIn, checksIn, gatesOf } from './stored'
import { verdictOf } from './verdict'

type Asked = { source_env: string; target_env: string }

const same = (a: unknown, b: unknown): boolean => stableJson(a) === stableJson(b)

/** The open promotion that is about exactly this, if somebody has asked for it already. */
export const openFor = async (scope: Scope, { subject }: Seen): Promise<PromotionRow | null> => {
  const { route, next, target, gate } = subject
  const row = await findOpen(scope.db, route.workspaceId, route.sourceEnv, route.targetEnv)
  if (row === null || row.targetRevision !== (target?.revision ?? 0)) return null
  const isSame = same(viewOf(candidateIn(row).next), viewOf(next)) && same(gatesOf(row).gate, gate)
  return isSame ? row : null
}

const dryApprovals = ({ gate }: Subject, asksApproval: boolean): Check => {
  const required = Math.max(gate.approvals.required, asksApproval ? 1 : 0)
  const evidence = { required, given: 0, from: gate.approvals.from, role: gate.approvals.role }
  return checkOf(
    'approvals',
    required === 0
      ? pass('No approval is asked for.', evidence)
      : fail(`0 of ${required} approvals are given.`, evidence),
  )
}

const ofRow = async (scope: Scope, row: PromotionRow) => ({
  checks: (await verdictOf(scope, scope.db, row)).checks,
  extras: checksIn(row).extras,
})

const ofDryRun = async (scope: Scope, { subject, asksApproval }: Seen) => {
  const { items, extras } = await dryRun(scope, subject)
  const lock = lockFinding(subject.route.targetEnv, await isTargetLocked(scope.db, subject.route))
  const checks = [...items.slice(0, 2), checkOf('target_unlocked', lock), ...items.slice(2)]
  return { checks: [...checks, dryApprovals(subject, asksApproval)], extras }
}

/** What would be asked of it. Where it is on its way already, what that has shown; nothing is run, nothing changes. */
export const checkPromotion = async (scope: Scope, id: string, asked: Asked): Promise<{ checks: Checks }> => {
  const workspaceId = await enter(scope, id)
  const route = { workspaceId, sourceEnv: asked.source_env, targetEnv: asked.target_env }
  const looked = await look(scope, route, { promotionId: null, canary: null })
  if (!('subject' in looked)) {
    const checks = checksOf(looked)
    return { checks: { ...wireRoute(route), blocked: true, checks, deprecated_skills: [] } }
  }
  const open = await openFor(scope, looked)
  const { checks, extras } = open ? await ofRow(scope, open) : await ofDryRun(scope, looked)
  return {
    checks: {
      ...wireRoute(route),
      blocked: checks.some(({ status }) => status === 'fail'),
      checks,
      ...(extras.impact ? { impact: extras.impact } : {}),
      ...(extras.cost_forecast ? { cost_forecast: extras.cost_forecast } : {}),
      deprecated_skills: extras.deprecated_skills ?? [],
    },
  }
}
