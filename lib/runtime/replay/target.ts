import type { Scope } from '@/lib/core/scope'
import { type ModelRef, resolveModel } from '@/lib/providers'
import { missing, Problem } from '@/lib/shared/problem'
import { type Bundle, findSnapshot, loadSnapshot, resolveRun, type Skilled, withPinnedSkills } from '@/lib/workspace'
import type { ReplayBody } from '../contract'
import { modelFor } from '../model-for'
import { pastModel } from './recorded-port'
import type { AgentRun, RecordedRun } from './recorded-run'

export const invalid = (field: string, text: string): never => {
  throw new Problem('invalid_request', 'Invalid payload', { formErrors: [], fieldErrors: { [field]: [text] } })
}

// Within the house a replay may be of exactly these skills of the registry, whatever the record had.
export type ReplayWish = ReplayBody & { onlySkills?: Readonly<Record<string, string>> }

const recordedSkills = ({ record }: RecordedRun) => JSON.parse(record.skillVersions) as Record<string, string>

/** The skills of the registry to replay with: those of the record, but for the ones that are named. */
const skillsFor = (run: RecordedRun, body: ReplayWish): Record<string, string> => {
  if (body.onlySkills !== undefined) return { ...body.onlySkills }
  const recorded = recordedSkills(run)
  const names = Object.keys(recorded)
  const { skill_version: version, skill_versions: versions = {} } = body
  if (version === undefined) return { ...recorded, ...versions }
  const [name, ...more] = names
  if (name === undefined || more.length > 0)
    return invalid(
      'skill_version',
      'It speaks of one skill, and this run had another number of them: use skill_versions',
    )
  return { ...recorded, ...versions, [name]: version }
}

/** Wishes that cannot be met are refused, never passed over. */
export const refuseSkills = (body: ReplayBody): void => {
  if (body.skill_version !== undefined || Object.keys(body.skill_versions ?? {}).length > 0)
    invalid('skill_versions', 'This run was given no skills')
}

const conflicting = (): never => {
  throw new Problem('conflicting_fields', 'model and provider name different providers.', {
    fields: ['model', 'provider'],
  })
}

const nameFor = ({ inputs }: RecordedRun, { model, provider }: ReplayBody): string | null => {
  if (provider === undefined) return model ?? null
  const id = model ?? pastModel(inputs.model).id
  // Its models carry the names of their makers.
  if (!id.includes('/') || provider === 'openrouter') return `${provider}/${id}`
  return id.startsWith(`${provider}/`) ? id : conflicting()
}

type Models = { model: ModelRef; fallback: ModelRef | null }

/** Strict asks nobody, so there the model of the record need not exist any more. */
export const modelsFor = (scope: Scope, run: RecordedRun, body: ReplayBody): Models => {
  const name = nameFor(run, body)
  if (body.mode !== 'strict') return modelFor(scope, name ?? run.inputs.model)
  const { model, fallback_model: fallback } = run.inputs
  return {
    model: name === null ? pastModel(model) : resolveModel(name),
    fallback: fallback === null ? null : pastModel(fallback),
  }
}

const notKept = (hash: string): never => {
  throw new Problem('not_replayable', 'The files of this workspace version are not kept.', { workspace_version: hash })
}

const mayEnter = ({ identity: { workspaceIds } }: Scope, id: string): boolean =>
  workspaceIds === null || workspaceIds.includes(id)

const hashFor = async (scope: Scope, { record }: AgentRun, version: string | undefined): Promise<string> => {
  const recorded = record.workspaceHash ?? ''
  if (version === undefined || recorded.startsWith(version.toLowerCase())) return recorded
  const found = await findSnapshot(scope, version)
  return found && mayEnter(scope, found.workspaceId) ? found.hash : missing('workspace version', version)
}

const keptBundle = async (scope: Scope, run: AgentRun, hash: string): Promise<Bundle> => {
  const { record, inputs } = run
  const skills = inputs.claims.skills ?? scope.identity.allowedSkills
  const wanted = { hash, workspaceId: record.workspaceId, isBootComplete: inputs.boot_complete, skills }
  return (await loadSnapshot(scope, wanted)) ?? notKept(hash)
}

// A skill that the record had and that is gone is another matter than one that nobody has.
const skilled = async (scope: Scope, run: AgentRun, body: ReplayWish, bundle: Bundle): Promise<Skilled> => {
  const wanted = skillsFor(run, body)
  const found = await withPinnedSkills(scope, bundle, wanted)
  const lost = Object.entries(wanted).find(([name]) => found.skillVersions[name] === undefined)
  if (!lost) return found
  if (recordedSkills(run)[lost[0]] !== lost[1])
    return invalid('skill_versions', `${lost.join('@')} cannot be given to a run`)
  throw new Problem('not_replayable', `The skill ${lost.join('@')} cannot be given to a run any more.`, {
    skill: lost[0],
    version: lost[1],
  })
}

/** The workspace to replay in: a kept version with the skills of the record, or what a run there would be given now. */
export const bundleFor = async (scope: Scope, run: AgentRun, body: ReplayWish): Promise<Skilled> => {
  const { workspaceId, environment, userId, sessionKey } = run.record
  if (body.workspace_version === 'current') {
    const resolved = await resolveRun(scope, { workspaceId, environment, userId, sessionKey })
    const { bundle, skillVersions, skillStates } = resolved
    const named = body.skill_version !== undefined || Object.keys(body.skill_versions ?? {}).length > 0
    return named ? skilled(scope, run, body, bundle) : { bundle, skillVersions, skillStates }
  }
  const kept = await keptBundle(scope, run, await hashFor(scope, run, body.workspace_version))
  return skilled(scope, run, body, kept)
}
