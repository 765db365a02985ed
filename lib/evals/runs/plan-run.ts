import type { Scope } from '@/lib/core/scope'
import { modelFor } from '@/lib/runtime'
import { isProblem, missing, Problem } from '@/lib/shared/problem'
import { type Bundle, type GivenPins, markMet, type Resolved, requireVersion, resolveRun } from '@/lib/workspace'
import type { EvalBody, EvalOptions, KnownCase, Scorer } from '../contract'
import { datasetCases } from '../datasets/find-dataset'
import { invalid, withIds } from '../datasets/identity'
import { formatOf, parseCases } from '../datasets/parse-cases'
import { isJudge } from '../scorers/score-case'
import { scorerFaults } from '../scorers/scorer-faults'
import { requireRun } from './find-eval'
import { skillsOfEval } from './skills-of-eval'

const DEFAULT_WORKSPACE = 'default'
const MOST_RUNS = 20_000

type Dataset = { id: string | null; name: string; version: number | null; cases: readonly KnownCase[] }

export type Planned = {
  dataset: Dataset
  workspaceId: string
  environment: string | null
  versionHash: string | null
  model: string
  scorers: readonly Scorer[]
  skillName: string | null
  skillVersion: string | null
  baselineId: string | null
}

const refuse = (field: string, text: string): never => {
  throw new Problem('invalid_request', 'Invalid payload', { formErrors: [], fieldErrors: { [field]: [text] } })
}

const twice = (a: unknown, b: unknown, fields: string[]): void => {
  if (a !== undefined && b !== undefined && JSON.stringify(a) !== JSON.stringify(b))
    throw new Problem('conflicting_fields', undefined, { fields })
}

const fromFile = (bundle: Bundle, file: string, name: string | undefined): Dataset => {
  const text = bundle.folder.texts.get(file)
  if (text === undefined) return missing('dataset file', file)
  return { id: null, name: name ?? file, version: null, cases: withIds(parseCases(formatOf(file), text)) }
}

const datasetOf = async (scope: Scope, body: EvalBody, bundle: Bundle): Promise<Dataset> => {
  const { dataset, file } = body
  twice(dataset?.name, body.name, ['dataset.name', 'name'])
  twice(dataset?.cases, body.cases, ['dataset.cases', 'cases'])
  const [name, cases] = [dataset?.name ?? body.name, dataset?.cases ?? body.cases]
  if (file !== undefined)
    return cases === undefined ? fromFile(bundle, file, name) : refuse('file', 'cases are given too')
  if (name === undefined) return refuse('dataset', 'a dataset needs a name')
  if (cases !== undefined) return { id: null, name, version: null, cases: withIds(cases) }
  return datasetCases(scope, name, dataset?.version)
}

const resolved = async (
  scope: Scope,
  body: EvalBody,
  pins: GivenPins | undefined,
): Promise<Resolved & { workspaceId: string }> => {
  const workspaceId = body.workspace_id ?? scope.workspaceId ?? DEFAULT_WORKSPACE
  const wished = body.version_hash
  const version = wished === undefined ? undefined : (await requireVersion(scope, workspaceId, wished)).hash
  const found = await resolveRun(scope, {
    workspaceId,
    environment: body.environment ?? null,
    userId: null,
    sessionKey: null,
    versionHash: version,
    pins,
  })
  return { ...found, workspaceId }
}

// Files that change while cases run would make two evaluations of one. What cannot be kept whole runs as it is met.
const kept = async (scope: Scope, bundle: Bundle): Promise<string | null> => {
  const snapshot = await markMet(scope, bundle)
  if (snapshot) {
    await scope.command({ audit: snapshot.audit, writes: snapshot.writes })
    snapshot.committed()
  }
  try {
    return (await requireVersion(scope, bundle.workspaceId, bundle.hash)).hash
  } catch (error) {
    if (isProblem(error) && error.code === 'not_found') return null
    throw error
  }
}

const scorersOf = (scope: Scope, { scorers = [] }: Partial<EvalOptions>, cases: readonly KnownCase[]): Scorer[] => {
  const faults = scorerFaults(scorers)
  if (faults.length > 0) refuse('scorers', faults.join('; '))
  const named = new Set(scorers.map((one) => one.name ?? one.type))
  const twiceIn = cases.find((one) => (one.scorers ?? []).some((scorer) => named.has(scorer.name ?? scorer.type)))
  if (twiceIn) invalid([`${twiceIn.id}: a scorer of the run has this name too`])
  return scorers.map((scorer) =>
    isJudge(scorer) ? { ...scorer, model: modelFor(scope, scorer.model).model.name } : scorer,
  )
}

// Judges of single cases are pinned with them.
const pinned = (scope: Scope, cases: readonly KnownCase[]): KnownCase[] =>
  cases.map((one) =>
    one.scorers?.some(isJudge)
      ? {
          ...one,
          scorers: one.scorers.map((scorer) =>
            isJudge(scorer) ? { ...scorer, model: modelFor(scope, scorer.model).model.name } : scorer,
          ),
        }
      : one,
  )

// What reads for a user is read with that user's rights, so people evaluate as themselves. A backend speaks for its users.
const assertOwnName = ({ identity }: Scope, { user_id: wished }: Partial<EvalOptions>): void => {
  if (identity.plane !== 'ops' || wished === undefined || wished === identity.userId) return
  throw new Problem('user_mismatch', 'People evaluate as themselves: leave user_id out.')
}

/** Everything that an evaluation will do, found and judged before a row of it is written. */
export const planRun = async (scope: Scope, body: EvalBody, pins?: GivenPins): Promise<Planned> => {
  const options: Partial<EvalOptions> = body.options ?? {}
  assertOwnName(scope, options)
  const found = await resolved(scope, body, pins)
  const dataset = await datasetOf(scope, body, found.bundle)
  if (dataset.cases.length === 0) refuse('dataset', 'it holds no case')
  const repeats = body.options?.repeats ?? 1
  if (dataset.cases.length * repeats > MOST_RUNS) refuse('options', `cases times repeats is at most ${MOST_RUNS}`)
  const skill = {
    skillName: body.options?.skill_name ?? null,
    skillVersion: body.options?.skill_version ?? null,
  }
  if (skill.skillVersion !== null && skill.skillName === null) refuse('options', 'skill_version needs skill_name')
  const [{ version: skillVersion } = { version: undefined }] = (await skillsOfEval(scope, skill)).filter(
    ({ name }) => name === skill.skillName,
  )
  return {
    dataset: { ...dataset, cases: pinned(scope, dataset.cases) },
    workspaceId: found.workspaceId,
    environment: body.environment === undefined && found.pin === null ? null : found.environment,
    versionHash: await kept(scope, found.bundle),
    model: modelFor(scope, body.options?.model, found).model.name,
    scorers: scorersOf(scope, options, dataset.cases),
    skillName: skill.skillName,
    skillVersion: skillVersion ?? skill.skillVersion,
    baselineId: body.baseline_id === undefined ? null : (await requireRun(scope, body.baseline_id)).id,
  }
}
