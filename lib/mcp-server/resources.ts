import type { Scope } from '@/lib/core/scope'
import { isUuid } from '@/lib/shared/id'
import { isProblem, Problem } from '@/lib/shared/problem'
import { presentSkills } from '@/lib/skills'
import { listTraces, listTracesForOps } from '@/lib/tracing'
import { OpsTraceQuery, TraceQuery } from '@/lib/tracing/contract'
import type { Bundle } from '@/lib/workspace'
import { assertMayPass, mayPass } from './door'
import { bundleIn, SKILLS } from './other-tools'
import { readTrace } from './trace-tools'

const TRACES = { scope: 'read', permission: 'trace:view' } as const
const MOST_LISTED = 20
const MOST_BYTES = 262_144
const JSON_TYPE = 'application/json'

export const TEMPLATES = [
  {
    uriTemplate: 'clasper://traces/{trace_id}',
    name: 'trace',
    title: 'A run with its first steps',
    mimeType: JSON_TYPE,
  },
  {
    uriTemplate: 'clasper://skills/{workspace_id}/{name}',
    name: 'skill',
    title: 'A skill of a workspace, with its instructions',
    mimeType: JSON_TYPE,
  },
]

type Resource = { uri: string; name: string; title: string; mimeType: string }

const recentTraces = async (scope: Scope): Promise<Resource[]> => {
  if (!mayPass(scope, TRACES)) return []
  const { traces } =
    scope.identity.plane === 'service'
      ? await listTraces(scope, TraceQuery.parse({ limit: MOST_LISTED }))
      : await listTracesForOps(scope, OpsTraceQuery.parse({ limit: MOST_LISTED }))
  return traces.map(({ id, status, model }) => ({
    uri: `clasper://traces/${id}`,
    name: id,
    title: `${status} · ${model}`,
    mimeType: JSON_TYPE,
  }))
}

// Whoever is limited to several workspaces and names none of them has none at hand.
const bundleAtHand = async (scope: Scope): Promise<Pick<Bundle, 'workspaceId' | 'skills'>> => {
  try {
    return await bundleIn(scope, {})
  } catch (error) {
    if (isProblem(error) && error.code === 'workspace_access_denied') return { workspaceId: '', skills: [] }
    throw error
  }
}

const skillsHere = async (scope: Scope): Promise<Resource[]> => {
  if (!mayPass(scope, SKILLS)) return []
  const { workspaceId, skills } = await bundleAtHand(scope)
  return skills
    .filter(({ isKnown }) => isKnown)
    .map(({ name, description }) => ({
      uri: `clasper://skills/${workspaceId}/${encodeURIComponent(name)}`,
      name,
      title: description.slice(0, 200),
      mimeType: JSON_TYPE,
    }))
}

/** The newest runs, and the skills of the workspace at hand; everything else has an address by the templates. */
export const listResources = async (scope: Scope): Promise<Resource[]> => [
  ...(await recentTraces(scope)),
  ...(await skillsHere(scope)),
]

const lost = (uri: string): never => {
  throw new Problem('not_found', 'Resource not found', { uri: uri.slice(0, 200) })
}

const skillAt = async (scope: Scope, uri: string, workspaceId: string, name: string): Promise<unknown> => {
  await assertMayPass(scope, SKILLS)
  const { skills } = await bundleIn(scope, { workspace_id: workspaceId })
  const skill = skills.find((one) => one.isKnown && one.name === name)
  if (!skill) return lost(uri)
  return { ...presentSkills([skill]).skills[0], instructions: skill.body }
}

const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

const contentOf = async (scope: Scope, uri: string): Promise<unknown> => {
  const [, kind, rest = ''] = /^clasper:\/\/(traces|skills)\/(.{1,500})$/.exec(uri) ?? []
  if (kind === 'traces' && isUuid(rest)) {
    await assertMayPass(scope, TRACES)
    return readTrace(scope, rest)
  }
  const [workspaceId, name, more] = rest.split('/').map(decoded)
  return kind === 'skills' && workspaceId && name && more === undefined
    ? skillAt(scope, uri, workspaceId, name)
    : lost(uri)
}

export const readResource = async (scope: Scope, uri: string) => {
  const text = JSON.stringify(await contentOf(scope, uri))
  if (Buffer.byteLength(text) > MOST_BYTES)
    throw new Problem('payload_too_large', 'The resource is too large: read it by its tool, in parts.')
  return { contents: [{ uri, mimeType: JSON_TYPE, text }] }
}
