import { secretsKey } from '@/lib/auth'
import { kernel } from '@/lib/core/kernel'
import { emit } from '@/lib/core/outbox'
import type { MutateDb, Scope } from '@/lib/core/scope'
import { seal, unseal } from '@/lib/core/sealed'
import { assertDeliverable, webhookWrites } from '@/lib/webhooks'
import type { Announcement } from './contract'

const ownerOf = (tenantId: string, id: string): string => `promotion:${tenantId}:${id}`

/** An address may be a secret of its own: it waits sealed. Refused at once where it could never be delivered to. */
export const sealAnnouncement = (tenantId: string, id: string, wish: Announcement | undefined): string | null => {
  if (wish === undefined) return null
  assertDeliverable(wish.url)
  return seal(secretsKey(), ownerOf(tenantId, id), JSON.stringify(wish))
}

const openAnnouncement = (tenantId: string, id: string, sealed: string | null): Announcement | null => {
  const text = unseal(secretsKey(), ownerOf(tenantId, id), sealed)
  return text === null ? null : (JSON.parse(text) as Announcement)
}

const standing = (): Announcement | null => {
  const { CLASPER_PROMOTION_WEBHOOK_URL: url, CLASPER_PROMOTION_WEBHOOK_SECRET: secret } = kernel().env
  return url === '' ? null : { url, ...(secret === '' ? {} : { secret }) }
}

type News = { id: string; workspace_id: string; source_env: string; target_env: string } & Record<string, unknown>

type Told = {
  event: 'promotion.executed' | 'promotion.rolled_back'
  news: News
  sealed: string | null
  also?: Announcement
}

/** Told to whoever listens and to the addresses that were named, in the commit of what it tells of. */
export const announce = async (scope: Scope, db: MutateDb, { event, news, sealed, also }: Told): Promise<void> => {
  await emit(db, event, news as Parameters<typeof emit>[2])
  const targets = [standing(), openAnnouncement(scope.tenantId, news.id, sealed), also ?? null]
  const payload = { tenant_id: scope.tenantId, promotion: news }
  for (const target of targets) {
    if (target === null) continue
    const { url, secret } = target
    const made = { traceId: null, event, payload, url, ...(secret === undefined ? {} : { secret }) }
    const { writes } = await webhookWrites(scope, made)
    for (const { statement, rows } of writes) await db.run(statement, rows)
  }
}

/** That something of it changed: who looks at it reads it again. */
export const tellChanged = (
  db: Pick<MutateDb, 'run'>,
  { id, workspaceId, status }: { id: string; workspaceId: string; status: string },
): Promise<void> => emit(db, 'promotion.changed', { id, workspace_id: workspaceId, status })
