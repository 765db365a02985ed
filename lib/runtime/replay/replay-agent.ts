import type { Scope } from '@/lib/core/scope'
import { snapshotOf } from '@/lib/workspace'
import type { ReplayBody } from '../contract'
import { inputsOf } from '../inputs'
import type { ModelPort } from '../model-port'
import type { Prepared } from '../prepare'
import { openRun, type RunPlan } from '../run'
import { actAnew, actStrictly } from './act'
import { watchedPort } from './live-port'
import { auditsOf } from './plan'
import { prepareReplay } from './prepare-replay'
import { findsOf } from './recorded-finds'
import { recordedPort } from './recorded-port'
import type { AgentRun } from './recorded-run'
import type { ReplayWish } from './target'
import { unknownTools } from './unknown-tools'

type Around = { recorded: AgentRun; prepared: Prepared; body: ReplayBody }

const planOf = async (scope: Scope, { recorded, prepared, body }: Around, port: ModelPort): Promise<RunPlan> => {
  const { question, bundle, request } = prepared
  const of = recorded.record.id
  const { model, temperature, maxTokens } = question
  return {
    kind: 'replay',
    place: request.place,
    model,
    promptTokens: prepared.promptTokens,
    maxTokens,
    workspaceHash: bundle.hash,
    promptSource: prepared.promptSource,
    ...{ risk: prepared.risk, given: prepared.given },
    inputs: inputsOf(prepared),
    snapshot: await snapshotOf(scope, bundle),
    ...(prepared.embedding === undefined ? {} : { embedding: prepared.embedding }),
    port,
    replay: { of, mode: body.mode, ...(body.mode === 'strict' ? { found: findsOf(recorded) } : {}) },
    asksModel: body.mode !== 'strict' && prepared.skipped === null,
    audits: auditsOf({ of, body, model, version: bundle.hash, temperature }),
  }
}

const strictly = async (scope: Scope, around: Around) => {
  const { recorded, prepared } = around
  const port = recordedPort(recorded, await unknownTools(scope, recorded, prepared))
  const { run } = await openRun(scope, await planOf(scope, around, port))
  return { run, acted: await actStrictly(run, recorded, prepared, () => port.left()?.seq ?? null) }
}

const anew = async (scope: Scope, around: Around) => {
  const { recorded, prepared } = around
  const port = watchedPort(recorded)
  const { run, first } = await openRun(scope, await planOf(scope, around, port))
  const acted = await actAnew(run, recorded, prepared, first)
  const found = port.found()
  return { run, acted: found ? { ...acted, found } : acted }
}

/** A run of an agent once more. */
export const replayAgent = async (scope: Scope, recorded: AgentRun, body: ReplayWish) => {
  const prepared = await prepareReplay(scope, recorded, body)
  const around = { recorded, prepared, body }
  const done = await (body.mode === 'strict' ? strictly(scope, around) : anew(scope, around))
  return { ...done, question: prepared.question, skillVersions: prepared.given.skillVersions }
}
