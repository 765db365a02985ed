import { agentToken } from '@/lib/auth'
import { type Backend, backendFor } from '@/lib/control-plane'
import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { type Toolbox, toolsFor } from '@/lib/tools'
import type { Bundle, SmartNotes } from '@/lib/workspace'
import { promptTokensOf, type Question } from '../ask-model'
import type { ReplayBody } from '../contract'
import { NOTHING_GIVEN } from '../given'
import { assertWithinGrant } from '../holder'
import { isQuiet, outputLimit, type Prepared, permit, systemOf } from '../prepare'
import type { RunRequest } from '../request'
import { riskBefore } from '../risk-of-run'
import { assertRoom } from '../room-for-run'
import type { SettledRequest } from '../settle'
import { modelsWithin, redactFor, tokensWithin } from '../skill-limits'
import { foundBeforeRun, foundIn } from './recorded-finds'
import { isHeartbeat } from './recorded-question'
import type { AgentRun } from './recorded-run'
import { insteadOfCalls, pastBackend, readingBackend, recordedToolbox } from './replay-tools'
import { bundleFor, modelsFor, type ReplayWish } from './target'

const overrideOf = ({ record, inputs }: AgentRun): Pick<RunRequest, 'promptOverride'> => {
  if (record.promptSource !== 'override') return {}
  const own = inputs.metadata['system_prompt']
  if (typeof own === 'string') return { promptOverride: own }
  throw new Problem('not_replayable', 'The prompt that it was given is not kept.')
}

const requestOf = (run: AgentRun, body: ReplayBody): SettledRequest => {
  const { record, inputs } = run
  const { workspaceId, environment, sessionKey } = record
  return {
    kind: 'replay',
    place: { workspaceId, environment, sessionKey, userId: record.userId ?? '', role: record.agentRole ?? '' },
    message: inputs.message,
    history: inputs.messages,
    systemNotes: inputs.system_notes,
    metadata: inputs.metadata,
    ...overrideOf(run),
    isHeartbeat: isHeartbeat(run),
    // Kept for the record; a replay looks for no task.
    task: inputs.task,
    plan: null,
    webhook: null,
    temperature: body.temperature ?? inputs.temperature,
    maxTokens: inputs.max_tokens,
    ...(body.decision_id === undefined ? {} : { decisionId: body.decision_id.toLowerCase() }),
  }
}

// Who replays may be allowed more or less than who asked first; what the run was allowed is part of what it was given.
const asRecorded = (scope: Scope, { inputs: { claims } }: AgentRun): Scope => {
  const { allowedTools: _tools, allowedSkills: _skills, ...rest } = scope.identity
  const identity = {
    ...rest,
    ...(claims.tools === undefined ? {} : { allowedTools: claims.tools }),
    ...(claims.skills === undefined ? {} : { allowedSkills: claims.skills }),
  }
  return Object.assign(Object.create(scope) as Scope, { identity })
}

const liveBackend = async (scope: Scope, { place }: SettledRequest): Promise<Backend> => {
  const { userId, role, workspaceId } = place
  const token = await agentToken(scope, { userId, role })
  const { traceId, signal } = scope
  return readingBackend(backendFor(scope, { userId, role, workspaceId, traceId, token, signal }))
}

type Around = { bundle: Bundle; backend: Backend }

const toolboxFor = async (scope: Scope, run: AgentRun, mode: ReplayBody['mode'], place: Around): Promise<Toolbox> => {
  // What other servers offered stands in the record, beside what the backend did.
  const around = { ...place, asksServers: mode === 'live' }
  if (mode === 'strict') return recordedToolbox(run, await toolsFor(asRecorded(scope, run), around))
  const between = insteadOfCalls(run, mode === 'live')
  // What is really called answers to the caller of the replay too.
  const narrowed = scope.identity.allowedTools === undefined ? asRecorded(scope, run) : scope
  return toolsFor(narrowed, { ...around, between })
}

// The choice of skills and memory is kept with the version it was made for; strict asks nobody to choose anew.
const chosenFor = (run: AgentRun, bundle: Bundle, mode: ReplayBody['mode']): { chosen?: SmartNotes | null } => {
  const isSame = bundle.hash === run.record.workspaceHash
  return mode === 'strict' || isSame
    ? { chosen: (run.inputs.prompt_notes.smart as SmartNotes | undefined) ?? null }
    : {}
}

/** Everything that the run was given, made again from the record and the wished version. */
export const prepareReplay = async (scope: Scope, run: AgentRun, body: ReplayWish): Promise<Prepared> => {
  const { inputs } = run
  const isStrict = body.mode === 'strict'
  const request = requestOf(run, body)
  const { bundle, ...skills } = await bundleFor(scope, run, body)
  redactFor(scope, bundle)
  const asked = modelsFor(scope, run, body)
  const { model, fallback } = isStrict ? asked : modelsWithin(bundle, asked)
  const given = { ...NOTHING_GIVEN, ...skills }
  const maxTokens = isStrict ? inputs.max_tokens : tokensWithin(bundle, outputLimit(scope, model, inputs.max_tokens))
  const moment = {
    at: dateOf(inputs.composed_at),
    timezone: inputs.timezone,
    ...chosenFor(run, bundle, body.mode),
  }
  if (!('chosen' in moment)) await assertRoom(scope, request, model, maxTokens)
  const { system, notes } = await systemOf(scope, request, bundle, moment)
  const backend = body.mode === 'live' ? await liveBackend(scope, request) : pastBackend(run)
  const tools = await toolboxFor(scope, run, body.mode, { bundle, backend })
  const question: Question = {
    model,
    fallback,
    system,
    messages: [...request.history, { role: 'user', content: request.message }],
    tools: tools.specs,
    temperature: request.temperature,
    maxTokens,
  }
  const risk = riskBefore(scope, request, {
    ...{ tools, bundle, temperature: request.temperature },
    found: isStrict ? foundBeforeRun(run) : [...foundBeforeRun(run), ...foundIn(run)],
  })
  const skipped = isQuiet(request, bundle, moment)
  const isAsked = !isStrict && skipped === null
  if (isAsked) await assertWithinGrant(scope, question, request.place.workspaceId)
  const permitted = isAsked ? await permit(scope, request, { question, tools, bundle, risk }) : undefined
  const embedding = 'smart' in notes && !('chosen' in moment) ? notes.smart?.embedding : undefined
  return {
    ...{ request, given },
    at: moment.at,
    timezone: moment.timezone,
    maxSteps: inputs.max_steps,
    claims: run.inputs.claims as Prepared['claims'],
    bundle,
    backend,
    detach: () => undefined,
    tools,
    question,
    // Of the texts as they were, which is what money was held for.
    promptTokens: isStrict ? inputs.prompt_tokens_estimated : promptTokensOf(question),
    promptSource: request.promptOverride === undefined ? 'workspace' : 'override',
    promptNotes: notes,
    ...(embedding === undefined ? {} : { embedding }),
    risk,
    ...(permitted === undefined ? {} : { permitted }),
    skipped,
  }
}
