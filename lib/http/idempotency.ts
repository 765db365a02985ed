import { createHash } from 'node:crypto'
import { secretsKey } from '@/lib/auth'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { Once, OnceRef, Scope } from '@/lib/core/scope'
import { seal, unseal } from '@/lib/core/sealed'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import type { Contract } from '@/lib/shared/contract'
import { Problem } from '@/lib/shared/problem'
import { stableJson } from '@/lib/shared/stable-json'
import { answerKey, claimKey, findKey, freeKey } from './sql'

const KEPT_MS = 24 * 3_600_000
const GRACE_MS = 60_000
const RETRY_SECONDS = 2
const MAX_KEY = 255

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null

const refuseKey = (message: string): never => {
  throw new Problem('invalid_request', 'Invalid payload', {
    formErrors: [],
    fieldErrors: { idempotency_key: [message] },
  })
}

const keyOf = (request: Request, body: unknown): string | null => {
  const header = request.headers.get('idempotency-key')
  const field = isObject(body) ? body['idempotency_key'] : undefined
  const inBody = typeof field === 'string' ? field : null
  if (header !== null && inBody !== null && header !== inBody) throw new Problem('conflicting_fields')
  const key = header ?? inBody
  if (key === null) return null
  if (key === '' || key.length > MAX_KEY) return refuseKey(`must have 1 to ${MAX_KEY} characters`)
  return key
}

const hashOf = (params: unknown, query: unknown, workspace: string | undefined, body: unknown): string => {
  const { idempotency_key: _, ...rest } = isObject(body) ? body : {}
  return createHash('sha256')
    .update(stableJson({ params, query, workspace, body: rest }))
    .digest('hex')
}

const ownerOf = (tenantId: string, { principal, route, key }: Omit<OnceRef, 'lease'>): string =>
  stableJson([tenantId, principal, route, key])

// The reply carries what models and people said: it rests sealed.
export const onceWrite = (scope: Scope, ref: OnceRef, status: number, reply: unknown): CommandWrite => ({
  statement: answerKey,
  rows: [
    {
      ...ref,
      status,
      trace: scope.traceId,
      reply: seal(secretsKey(), ownerOf(scope.tenantId, ref), JSON.stringify(reply)),
    },
  ],
})

const onceOf = (scope: Scope, ref: OnceRef, known?: Once['known']): Once => {
  const once: Once = {
    ref,
    isTaken: false,
    ...(known ? { known } : {}),
    write: (status, reply) => {
      once.isTaken = true
      return onceWrite(scope, ref, status, reply)
    },
    release: async () => void (await scope.command({ audit: [], writes: [{ statement: freeKey, rows: [ref] }] })),
  }
  return once
}

const inProgress = (): never => {
  throw new Problem('idempotency_in_progress', undefined, undefined, {
    headers: { 'retry-after': String(RETRY_SECONDS) },
  })
}

const firstAnswer = async (scope: Scope, ref: OnceRef, hash: string): Promise<Once> => {
  const [row] = await scope.rows(findKey, { principal: ref.principal, route: ref.route, key: ref.key })
  if (!row) return inProgress()
  if (row['bodyHash'] !== hash) throw new Problem('idempotency_conflict')
  if (row['state'] !== 'done') return inProgress()
  const text = unseal(secretsKey(), ownerOf(scope.tenantId, ref), String(row['reply']))
  if (text === null) throw new Problem('idempotency_conflict', 'The first answer can no longer be read.')
  if (row['traceId'] !== null) scope.retrace(String(row['traceId']))
  return onceOf(scope, ref, { status: Number(row['status']), reply: JSON.parse(text) })
}

// The first call with a key runs; the same call again gets its answer; another call with this key is refused.
export const claimOnce = async (
  scope: Scope,
  contract: Contract,
  input: { request: Request; params: unknown; query: unknown; sent?: unknown },
): Promise<Once | null> => {
  const key = contract.idempotent ? keyOf(input.request, input.sent) : null
  if (key === null) return null
  const now = scope.clock.now().getTime()
  const ref: OnceRef = {
    principal: scope.identity.credentialId,
    route: `${contract.method} ${contract.path}`,
    key,
    lease: storedTime(dateOf(now + kernel().env.CLASPER_RUN_TIMEOUT_MS + GRACE_MS)),
  }
  const hash = hashOf(input.params, input.query, scope.workspaceId, input.sent)
  const row = {
    ...ref,
    hash,
    trace: scope.traceId,
    now: storedTime(dateOf(now)),
    expires: storedTime(dateOf(now + KEPT_MS)),
  }
  const { applied } = await scope.command({ audit: [], writes: [{ statement: claimKey, rows: [row], guard: true }] })
  return applied ? onceOf(scope, ref) : firstAnswer(scope, ref, hash)
}
