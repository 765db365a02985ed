import { LRUCache } from 'lru-cache'
import { agentToken } from '@/lib/auth'
import { backendFor } from '@/lib/control-plane'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { skillStatesIn, skillVersionsIn } from '@/lib/skills'
import { toolsFor } from '@/lib/tools'
import { type Bundle, requireVersion, timeZoneOf, withSkills } from '@/lib/workspace'
import { promptTokensOf, type Question } from '../ask-model'
import { givenBy } from '../given'
import { actingUser, assertWithinGrant } from '../holder'
import { modelFor } from '../model-for'
import { placeOf } from '../place'
import { outputLimit, type Prepared, permit, systemOf } from '../prepare'
import type { RunRequest } from '../request'
import { riskBefore } from '../risk-of-run'
import { assertRoom } from '../room-for-run'
import { type SettledRequest, settle } from '../settle'
import { modelsWithin, redactFor, tokensWithin } from '../skill-limits'
import { insteadOfTools, rehearsalBackend } from './mocked-tools'
import type { Rehearsal } from './wish'

const TEMPERATURE = 0
const KNOWN = { max: 1_000, ttl: 60_000 }
const ROLE = 'agent'

const userOf = (scope: Scope, { userId }: Rehearsal): string =>
  (userId ?? scope.identity.userId ?? scope.actor).replaceAll(':', '_')

const requestOf = (scope: Scope, wish: Rehearsal): RunRequest => {
  const [userId, role] = [userOf(scope, wish), wish.role ?? scope.identity.agentRole ?? ROLE]
  actingUser(scope, { userId: wish.userId, role })
  const where = {
    workspace_id: wish.workspaceId,
    ...(wish.environment === undefined ? {} : { environment: wish.environment }),
  }
  return {
    kind: wish.kind,
    place: { ...placeOf(scope, { userId, role, sessionKey: null }, where), userId, role },
    message: wish.message,
    history: wish.history ?? [],
    systemNotes: [],
    metadata: { type: wish.kind },
    isHeartbeat: false,
    task: null,
    plan: null,
    webhook: null,
    ...(wish.model === undefined ? {} : { model: wish.model }),
    temperature: wish.temperature ?? TEMPERATURE,
    ...(wish.maxTokens === undefined ? {} : { maxTokens: wish.maxTokens }),
  }
}

// A version never leaves its workspace, so that it is there need not be asked for every case of many.
const known = () => kernel().slot('runtime.rehearsed-versions', () => new LRUCache<string, string>(KNOWN))

const versionOf = async (scope: Scope, { workspaceId, versionHash }: Rehearsal): Promise<string | undefined> => {
  if (versionHash === undefined) return undefined
  const { workspaceIds } = scope.identity
  const key = JSON.stringify([scope.tenantId, workspaceId, versionHash, workspaceIds])
  const found = known().get(key) ?? (await requireVersion(scope, workspaceId, versionHash)).hash
  // The beginning of a hash may become ambiguous; all of it does not.
  if (found === versionHash) known().set(key, found)
  return found
}

const toolsOf = async (scope: Scope, wish: Rehearsal, { place }: SettledRequest, bundle: Bundle) => {
  const { userId, role, workspaceId } = place
  const { traceId, signal } = scope
  const mocks = wish.mocks ?? 'all'
  const token = await agentToken(scope, { userId, role })
  const known = new Set(bundle.httpTools.map(({ name }) => name))
  const real = backendFor(scope, { userId, role, workspaceId, traceId, token, signal })
  const backend = rehearsalBackend(real, { mocks, known })
  return { backend, tools: await toolsFor(scope, { bundle, backend, between: insteadOfTools(mocks) }) }
}

/** Everything that the run is given, as `prepare` would make it for a message that somebody sent. */
export const prepareRehearsal = async (scope: Scope, wish: Rehearsal): Promise<Prepared> => {
  const named = { versionHash: await versionOf(scope, wish), pins: wish.pins }
  const { request, resolved } = await settle(scope, requestOf(scope, wish), named)
  const bundle = withSkills(resolved.bundle, { skills: wish.skills ?? [], notes: [] })
  redactFor(scope, bundle)
  // Who tries a model out names it; the pin speaks of what really runs there.
  const pins = request.model === undefined ? resolved : undefined
  const { model, fallback } = modelsWithin(bundle, modelFor(scope, request.model, pins))
  const { skills } = bundle
  const given = { ...givenBy(resolved), skillVersions: skillVersionsIn(skills), skillStates: skillStatesIn(skills) }
  const maxTokens = tokensWithin(bundle, outputLimit(scope, model, request.maxTokens))
  await assertRoom(scope, request, model, maxTokens)
  const moment = { at: scope.clock.now(), timezone: timeZoneOf(request.metadata.timezone) }
  const { system, notes } = await systemOf(scope, request, bundle, moment)
  const { backend, tools } = await toolsOf(scope, wish, request, bundle)
  const question: Question = {
    model,
    fallback,
    system,
    messages: [...request.history, { role: 'user', content: request.message }],
    tools: tools.specs,
    temperature: request.temperature,
    maxTokens,
  }
  const risk = riskBefore(scope, request, { tools, bundle, temperature: request.temperature })
  const embedding = 'smart' in notes ? notes.smart?.embedding : undefined
  await assertWithinGrant(scope, question, request.place.workspaceId, embedding)
  const { allowedTools, allowedSkills } = scope.identity
  return {
    ...{ request, given },
    ...moment,
    maxSteps: kernel().env.CLASPER_MAX_STEPS,
    claims: {
      ...(allowedTools === undefined ? {} : { tools: allowedTools }),
      ...(allowedSkills === undefined ? {} : { skills: allowedSkills }),
    },
    bundle,
    backend,
    detach: () => undefined,
    tools,
    question,
    promptTokens: promptTokensOf(question),
    promptSource: 'workspace',
    promptNotes: notes,
    ...(embedding === undefined ? {} : { embedding }),
    risk,
    permitted: await permit(scope, request, { question, tools, bundle, risk, given }),
    skipped: null,
  }
}
