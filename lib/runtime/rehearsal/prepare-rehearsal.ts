import { agentToken } from '@/lib/auth'
import { backendFor } from '@/lib/control-plane'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { missing, Problem } from '@/lib/shared/problem'
import { toolsFor } from '@/lib/tools'
import { type Bundle, findSnapshot, homeOf, loadBundle, loadSnapshot, timeZoneOf, withSkills } from '@/lib/workspace'
import { promptTokensOf, type Question } from '../ask-model'
import { actingUser, assertWithinGrant } from '../holder'
import { placeOf } from '../place'
import { modelFor, outputLimit, type Prepared, permit, systemOf } from '../prepare'
import type { Rehearsal } from '../rehearse'
import type { RunRequest } from '../request'
import { riskBefore } from '../risk-of-run'
import { assertRoom } from '../room-for-run'
import { insteadOfTools, rehearsalBackend } from './mocked-tools'

const TEMPERATURE = 0
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

const versionOf = async (scope: Scope, workspaceId: string, version: string): Promise<Bundle> => {
  const home = await homeOf(scope, workspaceId)
  const found = await findSnapshot(scope, version)
  if (!found) return missing('workspace version', version)
  const skills = scope.identity.allowedSkills
  const bundle = await loadSnapshot(scope, {
    hash: found.hash,
    workspaceId: home.workspaceId,
    isBootComplete: true,
    skills,
  })
  if (bundle) return bundle
  throw new Problem('not_replayable', 'The files of this workspace version are not kept.', { version: found.hash })
}

const bundleFor = async (scope: Scope, { workspaceId, versionHash, skills = [] }: Rehearsal): Promise<Bundle> => {
  const bundle = await (versionHash === undefined
    ? loadBundle(scope, workspaceId)
    : versionOf(scope, workspaceId, versionHash))
  return withSkills(bundle, { skills, notes: [] })
}

const toolsOf = async (scope: Scope, wish: Rehearsal, { place }: RunRequest, bundle: Bundle) => {
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
  const request = requestOf(scope, wish)
  const { model, fallback } = modelFor(scope, request.model)
  const bundle = await bundleFor(scope, wish)
  const maxTokens = outputLimit(scope, model, request.maxTokens)
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
    request,
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
    permitted: await permit(scope, request, { question, tools, bundle, risk }),
    skipped: null,
  }
}
