import type { z } from 'zod'
import { agentToken } from '@/lib/auth'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { isProblem, Problem } from '@/lib/shared/problem'
import { type Ask, callFor } from './ask'
import { addressOf, callBackend } from './call'
import type { Compatibility } from './contract'
import { CONTRACT_VERSION, highest, isSpoken, parseVersion, type Version } from './contract-version'
import { Capabilities, OpenCapabilities, ToolList } from './wire'

const REQUIRED = ['task_list', 'task_create', 'message_post'] as const
const OPTIONAL = ['document_post', 'tool_discover', 'tool_execute'] as const

// What the flags of the first question mean in the words of the second.
const MEANS: Record<string, readonly string[]> = {
  tasks: ['task_list', 'task_create'],
  messages: ['message_post'],
  documents: ['document_post'],
}

type Found = { reached: boolean; versions: Version[]; spoken: string[]; features: Set<string>; warnings: string[] }

const messageOf = (error: unknown) => (isProblem(error) ? error.message : String(error))

type Told<T> = { ok: true; value: T } | { ok: false; told: string }

const orTold = async <T>(asked: Promise<T>): Promise<Told<T>> => {
  try {
    return { ok: true, value: await asked }
  } catch (error) {
    return { ok: false, told: messageOf(error) }
  }
}

const hear = (found: Found, version: string | undefined, features: readonly string[]): void => {
  found.reached = true
  for (const feature of features) found.features.add(feature)
  if (version === undefined) return
  found.spoken.push(version)
  const parsed = parseVersion(version)
  if (parsed) found.versions.push(parsed)
}

const namesOf = ({ features, features_list }: z.output<typeof Capabilities>): string[] => [
  ...Object.entries(features).flatMap(([name, has]) => (has === true ? (MEANS[name] ?? [name]) : [])),
  ...features_list,
]

const inquire = async (ask: Ask): Promise<Found> => {
  const found: Found = { reached: false, versions: [], spoken: [], features: new Set(), warnings: [] }
  const get = { method: 'GET', repeats: 'keyed' } as const
  const path = '/api/mission-control/capabilities'
  const older = { ...get, what: 'read open capabilities', path: '/api/capabilities', reply: OpenCapabilities }
  const [own, open, tools] = await Promise.all([
    orTold(callFor(ask, { ...get, what: 'read capabilities', path, reply: Capabilities })),
    orTold(callBackend({ ...older, tenantId: ask.tenantId, headers: {}, signal: ask.signal })),
    orTold(callFor(ask, { ...get, what: 'list tools', path: '/api/tools', reply: ToolList })),
  ])
  if (own.ok) hear(found, own.value.contract_version, namesOf(own.value))
  else found.warnings.push(own.told)
  if (open.ok) hear(found, open.value.contract_version, open.value.features)
  for (const name of ['tool_discover', 'tool_execute']) {
    if (tools.ok) found.features.add(name)
    else found.features.delete(name)
  }
  return found
}

const faultOf = (found: Found, version: Version | null, missing: readonly string[]): string | undefined => {
  if (!found.reached) return 'The backend does not say what it can.'
  if (!version) return `The contract version ${JSON.stringify(found.spoken[0] ?? '')} is not understood.`
  if (!isSpoken(version)) return `Contract version ${version.text} is not compatible with ${CONTRACT_VERSION}.`
  if (missing.length > 0) return `The backend lacks ${missing.join(', ')}.`
  return undefined
}

const sameOrigin = (given: string): boolean => URL.canParse(given) && new URL(given).origin === addressOf('/').origin

/** Asks the configured backend what it speaks. Both answers are normal; only a foreign address is refused. */
export const checkCompatibility = async (scope: Scope, given?: string): Promise<Compatibility> => {
  if (given !== undefined && !sameOrigin(given))
    throw new Problem('invalid_request', 'control_plane_url must have the origin of BACKEND_URL.')
  const who = { userId: 'clasper', role: 'system' }
  const place = { tenantId: scope.tenantId, workspaceId: scope.workspaceId ?? 'default', traceId: scope.traceId }
  const found = await inquire({ ...who, ...place, token: await agentToken(scope, who), signal: scope.signal })
  const version = highest(found.versions)
  const missing = REQUIRED.filter((name) => !found.features.has(name))
  const error = faultOf(found, version, missing)
  const lacks = found.reached ? OPTIONAL.filter((name) => !found.features.has(name)) : []
  kernel().log.debug('backend inspected', { compatible: error === undefined })
  return {
    compatible: error === undefined,
    clasper_contract_version: CONTRACT_VERSION,
    control_plane_contract_version: version?.text ?? null,
    warnings: [...found.warnings, ...lacks.map((name) => `The backend has no ${name}.`)],
    missing_features: missing,
    ...(error === undefined ? {} : { error }),
  }
}
