import type { Scope } from '@/lib/core/scope'
import { isProblemCode, PROBLEMS, Problem } from '@/lib/shared/problem'
import { diffTraces, getTrace, readRecord } from '@/lib/tracing'
import { snapshotOf } from '@/lib/workspace'
import type { ReplayBody, ReplayReply } from '../contract'
import { endRun } from '../end-run'
import { inputsOf } from '../inputs'
import { nameTrace } from '../name-trace'
import { running } from '../open-runs'
import type { Prepared } from '../prepare'
import { openRun, type RunPlan } from '../run'
import { type Acted, actAnew, actStrictly, isGone } from './act'
import { toldOf } from './divergence'
import { watchedPort } from './live-port'
import { prepareReplay } from './prepare-replay'
import { recordedPort } from './recorded-port'
import { type AgentRun, recordedRun } from './recorded-run'
import { refuseSkills } from './target'
import { unknownTools } from './unknown-tools'

type Planned = { model: RunPlan['model']; of: string; body: ReplayBody; version: string | null; temperature: number }

const auditsOf = ({ of, body, model, version, temperature }: Planned): NonNullable<RunPlan['audits']> => [
  {
    event: 'trace_replayed',
    data: { original_trace_id: of, mode: body.mode, model: model.name, temperature, workspace_version: version },
  },
]

const planOf = (scope: Scope, recorded: AgentRun, prepared: Prepared, body: ReplayBody) => {
  const { question, bundle, request } = prepared
  const of = recorded.record.id
  const { model, temperature, maxTokens } = question
  return async (port: RunPlan['port']): Promise<RunPlan> => ({
    kind: 'replay',
    place: request.place,
    model,
    promptTokens: prepared.promptTokens,
    maxTokens,
    workspaceHash: bundle.hash,
    promptSource: prepared.promptSource,
    risk: prepared.risk,
    inputs: inputsOf(prepared),
    snapshot: await snapshotOf(scope, bundle),
    ...(prepared.embedding === undefined ? {} : { embedding: prepared.embedding }),
    ...(port === undefined ? {} : { port }),
    replay: { of, mode: body.mode },
    asksModel: body.mode !== 'strict' && prepared.skipped === null,
    audits: auditsOf({ of, body, model, version: bundle.hash, temperature }),
  })
}

const strictly = async (scope: Scope, recorded: AgentRun, prepared: Prepared, body: ReplayBody) => {
  const port = recordedPort(recorded, await unknownTools(scope, recorded, prepared))
  const { run } = await openRun(scope, await planOf(scope, recorded, prepared, body)(port))
  const acted = await actStrictly(run, recorded, prepared, () => port.left()?.seq ?? null)
  return { run, acted }
}

const anew = async (scope: Scope, recorded: AgentRun, prepared: Prepared, body: ReplayBody) => {
  const port = watchedPort(recorded)
  const { run, first } = await openRun(scope, await planOf(scope, recorded, prepared, body)(port))
  const acted = await actAnew(run, recorded, prepared, first)
  const found = acted.found ?? port.found()
  return { run, acted: found ? { ...acted, found } : acted }
}

const act = async (scope: Scope, recorded: AgentRun, body: ReplayBody): Promise<ReplayReply> => {
  await nameTrace(scope)
  const prepared = await prepareReplay(scope, recorded, body)
  const { run, acted } = await (body.mode === 'strict' ? strictly : anew)(scope, recorded, prepared, body)
  await endRun(run, acted.ending)
  if (isGone(run, acted)) throw new Problem('cancelled')
  return replyOf(scope, recorded, prepared, { ...body, traceId: run.traceId, acted })
}

// What a provider says of a failure may quote the prompt.
const messageOf = ({ message, ending: { failure } }: Acted, isWithheld: boolean): string => {
  if (!isWithheld || failure === null) return message
  return isProblemCode(failure.code) ? PROBLEMS[failure.code].text : 'The run failed.'
}

type Done = Pick<ReplayBody, 'mode'> & { traceId: string; acted: Acted }

const replyOf = async (scope: Scope, { record }: AgentRun, prepared: Prepared, done: Done): Promise<ReplayReply> => {
  const { mode, traceId, acted } = done
  const { model, temperature } = prepared.question
  const ids = { base_trace_id: record.id, compare_trace_id: traceId }
  const { diff } = await diffTraces(scope, { ...ids, include_summary: false })
  const { trace } = await getTrace(scope, record.id)
  return {
    status: acted.status,
    message: messageOf(acted, diff.withheld),
    trace_id: traceId,
    original_trace_id: record.id,
    original_trace: trace,
    replay_config: {
      mode,
      model: model.id,
      provider: model.provider,
      temperature,
      workspace_version: prepared.bundle.hash,
      skill_versions: JSON.parse(record.skillVersions) as Record<string, string>,
    },
    mode,
    ...(acted.found ? { first_divergence: toldOf(acted.found, !diff.withheld) } : {}),
    diff,
  }
}

/** Runs a recorded run again through the one loop. The result is a trace of its own, compared with the first. */
export const replayTrace = async (scope: Scope, id: string, body: ReplayBody): Promise<ReplayReply> => {
  const recorded = recordedRun(await readRecord(scope, id))
  refuseSkills(recorded, body)
  if (recorded.kind !== 'agent') throw new Problem('not_replayable', 'Calls without an agent cannot be replayed yet.')
  return running(act(scope, recorded, body))
}
