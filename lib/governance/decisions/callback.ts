import { secretsKey } from '@/lib/auth'
import type { Scope } from '@/lib/core/scope'
import { seal, unseal } from '@/lib/core/sealed'
import type { CommandWrite } from '@/lib/core/writer'
import { toWireOrNull } from '@/lib/shared/time'
import { webhookWrites } from '@/lib/webhooks'
import type { NewDecision } from './decision'
import type { DecisionRow } from './store'
import { callbackSecretFor } from './token'

type Target = { url: string; secret: string | null }

const ownerOf = (tenantId: string, id: string) => `decision-callback:${tenantId}:${id}`

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : '(not an address)')

type Asked = Pick<NewDecision, 'id' | 'callbackUrl' | 'callbackSecret'>

// An address may be a password of its own, so only its origin is readable.
export const sealCallback = (tenantId: string, { id, callbackUrl: url, callbackSecret: secret }: Asked) =>
  url
    ? {
        callbackUrl: originOf(url),
        callbackSecret: seal(secretsKey(), ownerOf(tenantId, id), JSON.stringify({ url, secret: secret ?? null })),
      }
    : { callbackUrl: null, callbackSecret: null }

const targetOf = (row: DecisionRow): Target | null => {
  const text = unseal(secretsKey(), ownerOf(row.tenantId, row.id), row.callbackSecret)
  return text === null ? null : (JSON.parse(text) as Target)
}

export type Told = { status: string; expiresAt: Date | null; resolution: object | null }

/** Signed, filtered and tried again like every webhook. The token is never part of it. */
export const callbackWrites = async (scope: Scope, row: DecisionRow, told: Told): Promise<CommandWrite[]> => {
  const target = targetOf(row)
  if (target === null) return []
  const hook = await webhookWrites(scope, {
    traceId: row.traceId,
    event: 'decision.resolved',
    url: target.url,
    secret: target.secret ?? callbackSecretFor(row.tenantId, row.adapterId ?? ''),
    payload: {
      decision_id: row.id,
      execution_id: row.executionId,
      status: told.status,
      expires_at: toWireOrNull(told.expiresAt),
      granted_scope: told.status === 'approved' ? row.grantedScope : null,
      resolution: told.resolution,
    },
  })
  return hook.writes
}
