import { createHash } from 'node:crypto'
import { agentToken } from '@/lib/auth'
import { type Backend, backendFor } from '@/lib/control-plane'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import type { RunRisk } from '@/lib/governance'
import { contextWindowOf, type ModelRef } from '@/lib/providers'
import { stableJson } from '@/lib/shared/stable-json'
import { type Toolbox, toolsFor } from '@/lib/tools'
import { type Bundle, composePrompt, isActiveAt, type SmartNotes, timeZoneOf } from '@/lib/workspace'
import { promptTokensOf, type Question, shownTokensOf } from './ask-model'
import { type Given, givenBy } from './given'
import { cappedTokens } from './grant'
import { assertWithinGrant, boundOf } from './holder'
import { modelFor } from './model-for'
import { permitRun, type RunDecision } from './permit-run'
import type { RunRequest } from './request'
import { riskBefore } from './risk-of-run'
import { assertRoom } from './room-for-run'
import { type SettledRequest, settle } from './settle'
import { modelsWithin, redactFor, tokensWithin } from './skill-limits'

export type Prepared = {
  request: SettledRequest
  // What its environment gave it.
  given: Given
  // The moment that the prompt speaks of, and where.
  at: Date
  timezone: string
  maxSteps: number
  // What the caller's token narrows the run to.
  claims: { tools?: readonly string[] | '*'; skills?: readonly string[] }
  bundle: Bundle
  backend: Backend
  // From here on the backend is spoken to whether or not the caller is still there.
  detach(): void
  tools: Toolbox
  question: Question
  promptTokens: number
  promptSource: 'workspace' | 'override'
  promptNotes: object
  embedding?: { model: string; input_tokens: number }
  risk: RunRisk
  // What a policy said of the run as a whole, stored with its start.
  permitted?: RunDecision
  contextWarning?: string
  // Why no model is to be asked at all.
  skipped: 'empty_heartbeat' | 'outside_active_hours' | null
}

export const warningOf = (model: ModelRef, promptTokens: number): string | undefined => {
  const window = contextWindowOf(model)
  const percent = (promptTokens / window) * 100
  if (percent < kernel().env.CLASPER_CONTEXT_WARNING_THRESHOLD) return undefined
  return `Context usage is ${percent.toFixed(1)}% of ${window} tokens. Consider compacting history.`
}

export const outputLimit = (scope: Scope, model: ModelRef, wished: number | undefined): number =>
  Math.max(1, cappedTokens(scope, Math.min(wished ?? kernel().env.CLASPER_MAX_OUTPUT_TOKENS, model.maxOutput)))

// `chosen` is what a run before had chosen of its workspace.
type Moment = { at: Date; timezone: string; chosen?: SmartNotes | null }

export const systemOf = async (scope: Scope, request: RunRequest, bundle: Bundle, moment: Moment) => {
  const { metadata } = request
  const own = request.promptOverride
  const composed =
    own === undefined
      ? await composePrompt(scope, bundle, {
          role: request.place.role,
          isHeartbeat: request.isHeartbeat,
          message: request.message,
          smart: metadata,
          ...moment,
        })
      : { system: own, notes: {} }
  return { system: [composed.system, ...request.systemNotes].join('\n\n'), notes: composed.notes }
}

export const isQuiet = (
  request: RunRequest,
  bundle: Bundle,
  { at, timezone }: Pick<Moment, 'at' | 'timezone'>,
): Prepared['skipped'] => {
  if (!request.isHeartbeat) return null
  if (bundle.heartbeatIsEmpty) return 'empty_heartbeat'
  return isActiveAt(bundle.activeHours, at, timezone) ? null : 'outside_active_hours'
}

const claimsOf = ({ identity: { allowedTools, allowedSkills } }: Scope): Prepared['claims'] => ({
  ...(allowedTools === undefined ? {} : { tools: allowedTools }),
  ...(allowedSkills === undefined ? {} : { skills: allowedSkills }),
})

const hashOfWebhook = (webhook: object): string =>
  `sha256:${createHash('sha256').update(stableJson(webhook)).digest('hex')}`

// The request as it came, and nothing that this server adds to it.
const sentOf = (request: RunRequest, model: ModelRef): object => ({
  message: request.message,
  history: request.history,
  system_notes: request.systemNotes,
  metadata: request.metadata,
  task: request.task,
  model: model.name,
  temperature: request.temperature,
  max_tokens: request.maxTokens ?? null,
  // Where the answer goes is part of what is approved; an address may be a password of its own.
  ...(request.webhook ? { webhook: hashOfWebhook(request.webhook) } : {}),
})

type Permitting = { question: Question; tools: Toolbox; bundle: Bundle; risk: Prepared['risk']; given?: Given }

export const permit = (scope: Scope, request: SettledRequest, asked: Permitting): Promise<RunDecision> =>
  permitRun(scope, {
    kind: request.kind,
    place: request.place,
    model: asked.question.model,
    risk: asked.risk,
    cost: boundOf(asked.question),
    skills: asked.tools.skills,
    policies: asked.bundle.policies,
    sent: sentOf(request, asked.question.model),
    ...(asked.given === undefined ? {} : { pinned: asked.given }),
    ...(request.decisionId === undefined ? {} : { decisionId: request.decisionId }),
  })

const leashOf = (source: AbortSignal) => {
  const leash = new AbortController()
  const pull = () => leash.abort(source.reason)
  source.addEventListener('abort', pull, { once: true })
  if (source.aborted) pull()
  return { signal: leash.signal, detach: () => source.removeEventListener('abort', pull) }
}

// Everything that is known before money is held: workspace, prompt, tools, model and risk. It writes nothing but refusals.
export const prepare = async (scope: Scope, asked: RunRequest): Promise<Prepared> => {
  const { request, resolved } = await settle(scope, asked)
  const { bundle } = resolved
  const given = givenBy(resolved)
  redactFor(scope, bundle)
  const { model, fallback } = modelsWithin(bundle, modelFor(scope, request.model, resolved))
  const maxTokens = tokensWithin(bundle, outputLimit(scope, model, request.maxTokens))
  await assertRoom(scope, request, model, maxTokens)
  const moment = { at: scope.clock.now(), timezone: timeZoneOf(request.metadata.timezone) }
  const { system, notes } = await systemOf(scope, request, bundle, moment)
  const leash = leashOf(scope.signal)
  const token = await agentToken(scope, request.place)
  const backend = backendFor(scope, {
    userId: request.place.userId,
    role: request.place.role,
    workspaceId: request.place.workspaceId,
    traceId: scope.traceId,
    token,
    signal: leash.signal,
  })
  const tools = await toolsFor(scope, { bundle, backend })
  const question: Question = {
    model,
    fallback,
    system,
    messages: [...request.history, { role: 'user', content: request.message }],
    tools: tools.specs,
    temperature: request.temperature,
    maxTokens,
  }
  const promptTokens = promptTokensOf(question)
  const risk = riskBefore(scope, request, { tools, bundle, temperature: request.temperature })
  const skipped = isQuiet(request, bundle, moment)
  const embedding = 'smart' in notes ? notes.smart?.embedding : undefined
  if (skipped === null) await assertWithinGrant(scope, question, request.place.workspaceId, embedding)
  const permitted = await permit(scope, request, { question, tools, bundle, risk, given })
  const contextWarning = warningOf(model, shownTokensOf(question))
  return {
    ...{ request, given },
    ...moment,
    maxSteps: kernel().env.CLASPER_MAX_STEPS,
    claims: claimsOf(scope),
    bundle,
    backend,
    detach: leash.detach,
    tools,
    question,
    promptTokens,
    promptSource: request.promptOverride === undefined ? 'workspace' : 'override',
    promptNotes: notes,
    ...(embedding === undefined ? {} : { embedding }),
    risk,
    permitted,
    ...(contextWarning === undefined ? {} : { contextWarning }),
    skipped,
  }
}
