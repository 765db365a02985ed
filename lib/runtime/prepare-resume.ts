import { agentToken } from '@/lib/auth'
import { backendFor } from '@/lib/control-plane'
import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { onceWrite } from '@/lib/http/idempotency'
import { resolveModel } from '@/lib/providers'
import { Problem } from '@/lib/shared/problem'
import { toolsFor } from '@/lib/tools'
import { type Bundle, loadSnapshot, policiesOf, readPin, withPinnedSkills } from '@/lib/workspace'
import type { Question } from './ask-model'
import { NOTHING_GIVEN } from './given'
import { type PausedState, restoredIdentity } from './paused-state'
import type { Prepared } from './prepare'
import { redactFor } from './skill-limits'

// The run speaks for whoever asked, with what was granted then; what it writes into the audit log stays the job's.
export const scopeOf = (scope: Scope, traceId: string, state: PausedState): Scope => {
  scope.retrace(traceId)
  const identity = restoredIdentity(state.identity)
  const resumed = Object.assign(Object.create(scope) as Scope, { identity, actor: identity.actor })
  const { once: ref } = state
  if (ref === null) return resumed
  const once = {
    ref,
    isTaken: true,
    write: (status: number, reply: unknown) => onceWrite(scope, ref, status, reply),
    release: async () => undefined,
  }
  return Object.assign(resumed, { once })
}

// What is forbidden by now stays undone, so the rules are those of now. A folder that is gone has not permitted anything.
const withRulesOfNow = async (
  scope: Scope,
  bundle: Bundle,
  place: PausedState['request']['place'],
): Promise<Bundle> => {
  const { workspaceId, environment, userId, sessionKey } = place
  const now = await policiesOf(scope, workspaceId, { environment, userId, sessionKey })
  const isThere = now.root !== null || (await readPin(scope, workspaceId, environment)) !== null
  return isThere ? { ...bundle, policies: now } : bundle
}

const bundleOf = async (scope: Scope, state: PausedState) => {
  const { hash, isBootComplete } = state.bundle
  const { workspaceId } = state.request.place
  const bundle = await loadSnapshot(scope, { hash, workspaceId, isBootComplete, skills: state.claims.skills })
  // The skills of then, also where the workspace names others by now; the rules of now.
  if (bundle) {
    const whole = await withPinnedSkills(scope, bundle, state.given?.skillVersions ?? {})
    return withRulesOfNow(scope, whole.bundle, state.request.place)
  }
  throw new Problem('not_replayable', 'The version of the workspace that it began with is not kept any more.')
}

/** Everything that the run was given, made again from what was kept and from the version of the workspace it began with. */
export const prepareResume = async (scope: Scope, state: PausedState): Promise<Prepared> => {
  const { request } = state
  const { userId, role, workspaceId } = request.place
  const bundle = await bundleOf(scope, state)
  redactFor(scope, bundle)
  const token = await agentToken(scope, request.place)
  const backend = backendFor(scope, { userId, role, workspaceId, traceId: scope.traceId, token, signal: scope.signal })
  const tools = await toolsFor(scope, { bundle, backend, keys: state.keys })
  const { system, model, fallback, temperature, maxTokens } = state.question
  const question: Question = {
    ...{ system, temperature, maxTokens },
    model: resolveModel(model),
    fallback: fallback === null ? null : resolveModel(fallback),
    messages: [],
    tools: tools.specs,
  }
  return {
    given: state.given ?? NOTHING_GIVEN,
    ...{ request, bundle, backend, tools, question, promptNotes: {}, skipped: null },
    ...{ timezone: state.timezone, maxSteps: state.maxSteps, claims: state.claims, risk: state.risk },
    ...{ promptTokens: state.promptTokens, promptSource: state.promptSource },
    at: dateOf(state.at),
    detach: () => undefined,
    ...(state.contextWarning === null ? {} : { contextWarning: state.contextWarning }),
  }
}
