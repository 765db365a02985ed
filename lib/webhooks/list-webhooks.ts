import type { z } from 'zod'
import type { Scope } from '@/lib/core/scope'
import { missing, Problem } from '@/lib/shared/problem'
import { WEBHOOK_STATES, type WebhookDetail, type WebhookFilter, type WebhookPage } from './contract'
import { presentDetail, presentWebhook } from './present'
import { countDeliveries, findAttempts, findDeliveries, findDelivery, nextAttemptAt } from './store'
import { WEBHOOK_JOB } from './webhook-writes'

// A delivery belongs to the tenant and names no workspace, so a fence around workspaces shuts it.
export const requireWholeTenant = (scope: Scope): void => {
  if (scope.identity.workspaceIds === null) return
  throw new Problem('workspace_access_denied', 'Webhooks are not open to an identity that is limited to workspaces')
}

export const listWebhooks = async (scope: Scope, filter: z.output<typeof WebhookFilter>): Promise<WebhookPage> => {
  requireWholeTenant(scope)
  const { limit, offset, state, trace_id: traceId } = filter
  const [rows, byState] = await Promise.all([
    findDeliveries(scope.db, { state, traceId }, limit, offset),
    countDeliveries(scope.db, traceId),
  ])
  const count = (name: string): number => byState.get(name) ?? 0
  const total = state ? count(state) : WEBHOOK_STATES.reduce((sum, name) => sum + count(name), 0)
  return {
    webhooks: rows.map(presentWebhook),
    total,
    has_more: offset + rows.length < total,
    limit,
    offset,
    counts: { queued: count('queued'), delivered: count('delivered'), dead: count('dead') },
  }
}

export const webhookDetail = async (scope: Pick<Scope, 'db'>, id: string): Promise<WebhookDetail> => {
  const row = (await findDelivery(scope.db, id)) ?? missing('webhook', id)
  const [tries, nextAt] = await Promise.all([findAttempts(scope.db, id), nextAttemptAt(scope.db, WEBHOOK_JOB, id)])
  return presentDetail(row, tries, nextAt)
}

export const getWebhook = async (scope: Scope, id: string): Promise<{ webhook: WebhookDetail }> => {
  requireWholeTenant(scope)
  return { webhook: await webhookDetail(scope, id) }
}
