import type { Scope } from '@/lib/core/scope'
import { type ModelRef, resolveModel } from '@/lib/providers'
import { missing, Problem } from '@/lib/shared/problem'
import { stableJson } from '@/lib/shared/stable-json'
import { type Bundle, findSnapshot, loadBundle, loadSnapshot } from '@/lib/workspace'
import type { ReplayBody } from '../contract'
import { modelFor } from '../prepare'
import { pastModel } from './recorded-port'
import type { AgentRun, RecordedRun } from './recorded-run'

export const invalid = (field: string, text: string): never => {
  throw new Problem('invalid_request', 'Invalid payload', { formErrors: [], fieldErrors: { [field]: [text] } })
}

const UNBOUND = 'Skills have no versions of their own yet: replay with workspace_version instead'

/** Wishes that cannot be met are refused, never passed over. */
export const refuseSkills = ({ record }: RecordedRun, body: ReplayBody): void => {
  if (body.skill_version !== undefined) invalid('skill_version', UNBOUND)
  const wished = body.skill_versions ?? {}
  if (Object.keys(wished).length === 0) return
  if (stableJson(wished) !== stableJson(JSON.parse(record.skillVersions))) invalid('skill_versions', UNBOUND)
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

/** The workspace to replay in: a kept version, or the folder as it is now. */
export const bundleFor = async (scope: Scope, run: AgentRun, version: string | undefined): Promise<Bundle> =>
  version === 'current'
    ? loadBundle(scope, run.record.workspaceId)
    : keptBundle(scope, run, await hashFor(scope, run, version))
