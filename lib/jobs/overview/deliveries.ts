import type { Scope } from '@/lib/core/scope'
import { listWebhooks } from '@/lib/webhooks'
import type { Headline, OverviewView } from '../contract'
import { seesJobs } from '../fence'
import { workerState } from '../probe'
import { countJobs } from '../store-tenant'
import { headline, linkTo, plural } from './headline'

type Jobs = OverviewView['jobs']
type Webhooks = OverviewView['webhooks']

// Both belong to the tenant and to no workspace.
const maySee = (scope: Scope): boolean => scope.permissions.has('system:view') && seesJobs(scope)

export const jobsOf = async (scope: Scope): Promise<Jobs> => {
  if (!maySee(scope)) return null
  const counts = await countJobs(scope.db)
  return { queued: (counts.get('queued') ?? 0) + (counts.get('running') ?? 0), dead: counts.get('dead') ?? 0 }
}

export const webhooksOf = async (scope: Scope): Promise<Webhooks> => {
  if (!maySee(scope)) return null
  const { counts } = await listWebhooks(scope, { limit: 1, offset: 0 })
  return { queued: counts.queued, dead: counts.dead }
}

export const jobHeadlines = (jobs: Jobs): Headline[] =>
  jobs === null || jobs.dead === 0
    ? []
    : [
        headline(
          'attention',
          `${plural(jobs.dead, 'job was', 'jobs were')} given up`,
          `${linkTo('/ops/system', { status: 'dead' })}#jobs`,
        ),
      ]

export const webhookHeadlines = (webhooks: Webhooks): Headline[] =>
  webhooks === null || webhooks.dead === 0
    ? []
    : [
        headline(
          'attention',
          `${plural(webhooks.dead, 'webhook was', 'webhooks were')} never delivered`,
          linkTo('/ops/webhooks', { state: 'dead' }),
        ),
      ]

export const workerHeadlines = async (scope: Scope): Promise<Headline[]> => {
  if (!scope.permissions.has('system:view')) return []
  return (await workerState()) === 'ok'
    ? []
    : [headline('error', 'No worker is running: background jobs wait', '/ops/system')]
}
