import { z } from 'zod'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { toWire, toWireOrNull } from '@/lib/shared/time'
import type { OverviewView } from './contract'
import { fenceOf, seesJobs } from './fence'
import { approvalHeadlines, approvalsOf } from './overview-approvals'
import { moneyHeadlines, moneyOf } from './overview-money'
import { receiptHeadlines, receiptsOf } from './overview-receipts'
import { workerState } from './probe'
import {
  auditByHour,
  auditTotal,
  countJobs,
  countKeys,
  lastCheckpointAt,
  payloadsOf,
  recentChanges,
} from './store-tenant'

type View = z.output<typeof OverviewView>
type Headline = View['headlines'][number]
type Facts = Pick<View, 'approvals' | 'audit' | 'keys' | 'jobs' | 'money' | 'receipts'> & {
  worker: 'ok' | 'degraded'
  isFenced: boolean
  now: Date
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const SOON_MS = 14 * DAY_MS
const RECENT = 8

// Every hour of the last day has its bar, also the quiet ones.
const hoursOf = (now: Date, counts: ReadonlyMap<string, number>): View['audit']['by_hour'] =>
  Array.from({ length: 24 }, (_, index) => {
    const hour = dateOf(now.getTime() - (23 - index) * HOUR_MS)
      .toISOString()
      .slice(0, 13)
    return { hour: `${hour}:00:00.000Z`, count: counts.get(hour) ?? 0 }
  })

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

const headline = (level: Headline['level'], text: string, href: string | null = null): Headline => ({
  level,
  text,
  href,
})

const isUnsealed = ({ audit, isFenced, now }: Facts): boolean => {
  if (isFenced || audit.total === 0) return false
  const patience = Math.max(5 * 60_000, 5_000 * kernel().env.CLASPER_CHECKPOINT_SECONDS)
  const last = audit.last_checkpoint_at
  return last === null || (audit.last_24h > 0 && now.getTime() - dateOf(last).getTime() > patience + DAY_MS)
}

const headlinesOf = (facts: Facts): Headline[] => {
  const { jobs, keys, worker } = facts
  const found: Headline[] = [
    ...approvalHeadlines(facts.approvals),
    ...receiptHeadlines(facts.receipts),
    ...moneyHeadlines(facts.money),
  ]
  if (worker !== 'ok') found.push(headline('error', 'No worker is running: background jobs wait', '/ops/system'))
  if (jobs.dead > 0)
    found.push(headline('attention', `${plural(jobs.dead, 'job was', 'jobs were')} given up`, '/ops/system'))
  if (keys.expiring > 0)
    found.push(
      headline(
        'attention',
        `${plural(keys.expiring, 'API key expires', 'API keys expire')} within 14 days`,
        '/ops/keys',
      ),
    )
  if (isUnsealed(facts)) found.push(headline('attention', 'The audit log is not sealed yet', '/ops/audit'))
  return found.length > 0 ? found : [headline('ok', 'Nothing needs your attention')]
}

const worst = (headlines: readonly Headline[]): View['status'] =>
  (['error', 'attention'] as const).find((level) => headlines.some((item) => item.level === level)) ?? 'ok'

const Kind = z.object({ kind: z.string() })

const kindIn = (data: string): string | null =>
  data === '' ? null : (Kind.safeParse(JSON.parse(data)).data?.kind ?? null)

const recentOf = async (scope: Scope): Promise<View['recent']> => {
  if (!scope.permissions.has('audit:view')) return []
  const rows = await recentChanges(scope, RECENT)
  const payloads = await payloadsOf(
    scope.db,
    rows.map((row) => row.seq),
  )
  const kinds = new Map(payloads.map(({ seq, data }) => [seq, kindIn(data)]))
  return rows.map((row) => ({
    kind: kinds.get(row.seq) ?? null,
    seq: Number(row.seq),
    event_type: row.eventType,
    actor: row.actor,
    entity_id: row.entityId,
    created_at: toWire(row.createdAt),
  }))
}

export const overview = async (scope: Scope): Promise<View> => {
  const now = scope.clock.now()
  const [total, byHour, sealed, keys, jobs, recent, worker, receipts, money, approvals] = await Promise.all([
    auditTotal(scope),
    auditByHour(scope),
    lastCheckpointAt(scope),
    countKeys(scope.db, now, dateOf(now.getTime() + SOON_MS)),
    seesJobs(scope) ? countJobs(scope.db) : new Map<string, number>(),
    recentOf(scope),
    workerState(),
    receiptsOf(scope),
    moneyOf(scope),
    approvalsOf(scope),
  ])
  const audit = {
    total,
    last_24h: [...byHour.values()].reduce((sum, count) => sum + count, 0),
    by_hour: hoursOf(now, byHour),
    last_checkpoint_at: toWireOrNull(sealed),
  }
  const waiting = { queued: (jobs.get('queued') ?? 0) + (jobs.get('running') ?? 0), dead: jobs.get('dead') ?? 0 }
  const facts = { approvals, audit, keys, jobs: waiting, money, receipts }
  const headlines = headlinesOf({ ...facts, worker, isFenced: fenceOf(scope) !== null, now })
  const { profile } = kernel().env
  return { tenant_id: scope.tenantId, profile, status: worst(headlines), headlines, ...facts, recent }
}
