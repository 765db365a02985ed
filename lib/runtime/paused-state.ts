import { secretsKey } from '@/lib/auth'
import type { Identity, OnceRef, Scope } from '@/lib/core/scope'
import { seal, unseal } from '@/lib/core/sealed'
import type { RunKind } from '@/lib/tracing'
import type { Given } from './given'
import type { Prepared } from './prepare'
import type { Progress } from './progress'
import type { SettledRequest } from './settle'

// Who asked, as far as what he was granted and what is said of him goes.
// What a break-glass window adds ends with the window.
type KeptIdentity = Omit<Identity, 'permissions' | 'scopes' | 'opened' | 'breakGlassId' | 'breakGlassUntil'> & {
  permissions: readonly string[]
  scopes: readonly string[]
}

export type KeptRun = {
  kind: RunKind
  executionId: string
  startedAt: string
  request: SettledRequest
  // Missing in what was kept by a release before it.
  given?: Given
  taskId: string | null
  identity: KeptIdentity
  correlationId: string | null
  once: OnceRef | null
  bundle: { hash: string; isBootComplete: boolean }
  question: { system: string; model: string; fallback: string | null; temperature: number; maxTokens: number }
  at: string
  timezone: string
  maxSteps: number
  claims: Prepared['claims']
  promptTokens: number
  promptSource: Prepared['promptSource']
  risk: Prepared['risk']
  contextWarning: string | null
}

export type PausedState = KeptRun & Progress

const VERSION = 1

const ownerOf = (tenantId: string, traceId: string) => `paused:${tenantId}:${traceId}`

// It holds what people and models said as they said it, so it rests sealed.
export const sealPaused = (tenantId: string, traceId: string, state: PausedState): object => ({
  version: VERSION,
  sealed: seal(secretsKey(), ownerOf(tenantId, traceId), JSON.stringify(state)),
})

export const openPaused = (tenantId: string, traceId: string, stored: unknown): PausedState | null => {
  const { version, sealed } = (typeof stored === 'string' ? JSON.parse(stored) : stored) as Record<string, unknown>
  if (version !== VERSION || typeof sealed !== 'string') return null
  const text = unseal(secretsKey(), ownerOf(tenantId, traceId), sealed)
  return text === null ? null : (JSON.parse(text) as PausedState)
}

const keptIdentity = ({ identity }: Scope): KeptIdentity => {
  const { permissions, scopes, opened, breakGlassId: _, breakGlassUntil: __, ...rest } = identity
  const own = [...permissions].filter((permission) => opened?.has(permission) !== true)
  return { ...rest, permissions: own, scopes: [...scopes] }
}

export const restoredIdentity = ({ permissions, scopes, ...rest }: KeptIdentity): Identity => ({
  ...rest,
  permissions: new Set(permissions) as Identity['permissions'],
  scopes: new Set(scopes) as Identity['scopes'],
})

export const keptRun = (
  scope: Scope,
  prepared: Prepared,
  about: Pick<KeptRun, 'kind' | 'executionId' | 'startedAt' | 'taskId'>,
): KeptRun => {
  const { request, question, bundle, given } = prepared
  return {
    ...about,
    ...{ request, given },
    identity: keptIdentity(scope),
    correlationId: scope.correlationId ?? null,
    once: scope.once?.ref ?? null,
    bundle: { hash: bundle.hash, isBootComplete: bundle.isBootComplete },
    question: {
      system: question.system,
      model: question.model.name,
      fallback: question.fallback?.name ?? null,
      temperature: question.temperature,
      maxTokens: question.maxTokens,
    },
    at: prepared.at.toISOString(),
    timezone: prepared.timezone,
    maxSteps: prepared.maxSteps,
    claims: prepared.claims,
    promptTokens: prepared.promptTokens,
    promptSource: prepared.promptSource,
    risk: prepared.risk,
    contextWarning: prepared.contextWarning ?? null,
  }
}
