import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import type { QueryOf } from '@/lib/shared/contract'
import type { Permission } from '@/lib/shared/rbac'
import { toWire, toWireOrNull } from '@/lib/shared/time'
import type { Headline, OverviewView, opsOverview } from '../contract'
import { fenceOf } from '../fence'
import { auditTotal, countKeys, firstUnsealedAt, lastCheckpointAt } from '../store-tenant'
import { approvalsOf } from './approvals'
import { changesSince } from './changes'
import { jobHeadlines, jobsOf, webhookHeadlines, webhooksOf, workerHeadlines } from './deliveries'
import { evalHeadlines } from './evals'
import { clockOf, headline, plural } from './headline'
import { moneyHeadlines, moneyOf } from './money'
import { openFor, promotionHeadlines } from './promotions'
import { providerFailures, restingModels } from './providers'
import { receiptHeadlines, receiptsOf } from './receipts'
import { type Course, courseOf, runHeadlines, startOf } from './runs'
import { trustHeadlines } from './trust'
import { pendingDecisions, waitingFor } from './waiting'

const DAY_MS = 86_400_000
const SOON_MS = 14 * DAY_MS
const NOW_HOURS = 2

// Whoever lacks one of these is not told of all that can be wrong.
const LOOKS = [
  ...(['trace:view', 'budget:view', 'audit:view'] as const),
  ...(['system:view', 'workspace:view', 'eval:view'] as const),
] satisfies readonly Permission[]

const isPartial = (scope: Scope): boolean =>
  fenceOf(scope) !== null || LOOKS.some((permission) => !scope.permissions.has(permission))

const auditOf = async (scope: Scope): Promise<OverviewView['audit']> => {
  if (!scope.permissions.has('audit:view')) return null
  const [total, sealed] = await Promise.all([auditTotal(scope), lastCheckpointAt(scope)])
  return { total, last_checkpoint_at: toWireOrNull(sealed) }
}

const keysOf = async (scope: Scope, now: Date): Promise<OverviewView['keys']> =>
  scope.permissions.has('key:manage') ? countKeys(scope.db, now, dateOf(now.getTime() + SOON_MS)) : null

const MINUTES_MS = 5 * 60_000

// A row is sealed within seconds: one that has waited for minutes shows that nothing seals.
const sealHeadlines = async (scope: Scope, now: Date): Promise<Headline[]> => {
  if (!scope.permissions.has('audit:view') || fenceOf(scope) !== null) return []
  const first = await firstUnsealedAt(scope)
  const patience = Math.max(MINUTES_MS, 5_000 * kernel().env.CLASPER_CHECKPOINT_SECONDS)
  return first === null || now.getTime() - first.getTime() <= patience
    ? []
    : [headline('attention', 'The audit log is not sealed', '/ops/audit', `since ${clockOf(toWire(first))}`)]
}

const keyHeadlines = (keys: OverviewView['keys']): Headline[] =>
  keys === null || keys.expiring === 0
    ? []
    : [
        headline(
          'attention',
          `${plural(keys.expiring, 'API key expires', 'API keys expire')} within 14 days`,
          '/ops/keys',
        ),
      ]

const LEVELS = ['error', 'attention', 'ok'] as const

const gravestFirst = (found: readonly Headline[]): Headline[] =>
  [...found].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))

const nowOf = (course: Course | null, now: Date): string => course?.now.since ?? toWire(startOf(now, NOW_HOURS))

type Facts = Pick<OverviewView, 'audit' | 'keys' | 'receipts' | 'approvals' | 'jobs' | 'webhooks' | 'money'>

const factsOf = async (scope: Scope, now: Date): Promise<Omit<Facts, 'approvals'>> => {
  const [audit, keys, receipts, jobs, webhooks, money] = await Promise.all([
    auditOf(scope),
    keysOf(scope, now),
    receiptsOf(scope),
    jobsOf(scope),
    webhooksOf(scope),
    moneyOf(scope),
  ])
  return { audit, keys, receipts, jobs, webhooks, money }
}

/** What is wrong, what changed and what waits for this very person. Its price does not grow with what is stored. */
export const overview = async (
  scope: Scope,
  { days }: QueryOf<typeof opsOverview> = { days: '1' },
): Promise<OverviewView> => {
  const now = scope.clock.now()
  const since = startOf(now, 24 * Number(days))
  const yesterday = startOf(now, 24)
  const [course, decisions, open, facts, { changes, isCapped }] = await Promise.all([
    courseOf(scope, Number(days)),
    pendingDecisions(scope),
    openFor(scope),
    factsOf(scope, now),
    changesSince(scope, since),
  ])
  const [failures, trust, evals, promotions, worker, seals, waiting] = await Promise.all([
    providerFailures(scope, nowOf(course, now)),
    trustHeadlines(scope, yesterday),
    evalHeadlines(scope),
    promotionHeadlines(scope, open, yesterday),
    workerHeadlines(scope),
    sealHeadlines(scope, now),
    waitingFor(scope, { decisions, open }),
  ])
  const headlines = gravestFirst([
    ...[...worker, ...runHeadlines(course), ...failures, ...restingModels(scope)],
    ...[...moneyHeadlines(facts.money), ...trust, ...receiptHeadlines(facts.receipts), ...promotions, ...evals],
    ...[...jobHeadlines(facts.jobs), ...webhookHeadlines(facts.webhooks), ...keyHeadlines(facts.keys)],
    ...seals,
  ])
  return {
    tenant_id: scope.tenantId,
    profile: kernel().env.profile,
    as_of: toWire(now),
    status: headlines[0]?.level ?? 'ok',
    is_partial: isPartial(scope),
    headlines,
    runs: course?.runs ?? null,
    changes,
    changes_capped: isCapped,
    waiting,
    ...facts,
    approvals: approvalsOf(decisions),
  }
}
