import { impactOf } from '@/lib/workspace'
import type { Check, CheckName } from '../contract'
import { type Checker, checkOf, type Extras, fail, type Subject, type Work } from './check'
import { costForecast } from './cost-check'
import { evalBaseline, evalBaselineDry } from './eval-check'
import { impactReviewed } from './impact-check'
import { lastSkillTest } from './last-skill-test'
import { permissionWidening } from './permission-check'
import { gatesReadable, sourceExists, sourceHasVersion, workspacePinned } from './place-checks'
import { promptSize } from './prompt-check'
import { riskDelta } from './risk-check'
import { deprecatedSkills, skillTests } from './skill-checks'

const MOST_LISTED = 200

// It is kept with every step: lists of ten thousand files are cut, their numbers stay.
const cut = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.slice(0, MOST_LISTED).map(cut)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, cut(item)]))
}

const analyse = async ({ scope, subject: { route, target, versionHash } }: Work): Promise<Record<string, unknown>> => ({
  ...(cut(await impactOf(scope, route.workspaceId, target?.versionHash ?? null, versionHash)) as object),
})

type Named = readonly [CheckName, Checker]

// In this order: what is cheap first, and the price after what was replayed.
const COMMON: readonly Named[] = [
  ['source_env_exists', sourceExists],
  ['source_has_version', sourceHasVersion],
  ['workspace_pinned', workspacePinned],
  ['gates', gatesReadable],
  ['deprecated_skills', deprecatedSkills],
  ['skill_tests', skillTests(lastSkillTest)],
  ['permission_widening', permissionWidening],
  ['prompt_size', promptSize],
  ['risk_delta', riskDelta],
]

export const FULL_CHECKS: readonly Named[] = [
  ...COMMON,
  ['eval_baseline', evalBaseline],
  ['impact_reviewed', impactReviewed(analyse)],
  ['cost_forecast', costForecast],
]

// Without anything that costs money or time.
const DRY_CHECKS: readonly Named[] = [
  ...COMMON,
  ['eval_baseline', evalBaselineDry],
  ['impact_reviewed', impactReviewed(analyse, true)],
  ['cost_forecast', costForecast],
]

/** A check that breaks says so; it never counts as passed. */
export const oneCheck = async (name: CheckName, check: Checker, work: Work): Promise<Check> => {
  try {
    return checkOf(name, await check(work))
  } catch (error) {
    if (work.signal.aborted) throw error
    work.scope.log.error('a check of a promotion broke', { check: name, error })
    return checkOf(name, fail('It broke on the way; the log of the server says why.', { broken: true }))
  }
}

export type Found = { items: Check[]; extras: Extras }

export const dryRun = async (scope: Work['scope'], subject: Subject): Promise<Found> => {
  const extras: Extras = {}
  const items: Check[] = []
  const work = { scope, subject, extras, progress: async () => undefined, known: {}, signal: scope.signal }
  for (const [name, check] of DRY_CHECKS) items.push(await oneCheck(name, check, work))
  return { items, extras }
}
