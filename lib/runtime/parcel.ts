import { secretsKey } from '@/lib/auth'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { jobWrite } from '@/lib/core/outbox'
import type { OnceRef, Scope } from '@/lib/core/scope'
import { seal, unseal } from '@/lib/core/sealed'
import type { CommandWrite } from '@/lib/core/writer'
import type { RunReply, SendBody } from './contract'
import type { Place } from './place'

// What is still to be done for an answer when the process that found it is gone. It holds the answer as it was given,
// so it rests sealed.
export type Parcel = {
  taskId: string
  place: Place & { userId: string; role: string }
  content: string
  plan: { title: string } | null
  reply: RunReply
  webhook: SendBody['webhook'] | null
  webhookFacts: object
  once: OnceRef | null
}

export const DELIVERY_JOB = 'deliver-answer'
const MARGIN_MS = 10_000
const MAX_ATTEMPTS = 12

const ownerOf = (scope: Scope, traceId: string) => `parcel:${scope.tenantId}:${traceId}`

export const sealParcel = (scope: Scope, traceId: string, parcel: Parcel): string =>
  seal(secretsKey(), ownerOf(scope, traceId), JSON.stringify(parcel))

export const openParcel = (scope: Scope, traceId: string, sealed: string): Parcel | null => {
  const text = unseal(secretsKey(), ownerOf(scope, traceId), sealed)
  return text === null ? null : (JSON.parse(text) as Parcel)
}

// Nobody takes it up while the process that made it may still be posting the answer itself.
const patience = (): number => {
  const { CLASPER_BACKEND_TIMEOUT_MS: timeout, CLASPER_BACKEND_ATTEMPTS: attempts } = kernel().env
  return 2 * timeout * attempts + MARGIN_MS
}

export const parcelJob = (scope: Scope, traceId: string, parcel: Parcel): { id: string; write: CommandWrite } =>
  jobWrite({
    kind: DELIVERY_JOB,
    payload: { trace_id: traceId, sealed: sealParcel(scope, traceId, parcel) },
    runAt: dateOf(scope.clock.now().getTime() + patience()),
    maxAttempts: MAX_ATTEMPTS,
  })
