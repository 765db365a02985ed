import type { Scope } from '@/lib/core/scope'
import { isProblemCode, PROBLEMS, Problem } from '@/lib/shared/problem'
import { diffTraces, getTrace, readRecord } from '@/lib/tracing'
import type { Question } from '../ask-model'
import type { ReplayBody, ReplayReply } from '../contract'
import { endRun } from '../end-run'
import { nameTrace } from '../name-trace'
import { running } from '../open-runs'
import { type Acted, isGone } from './act'
import { toldOf } from './divergence'
import { type RecordedRun, recordedRun } from './recorded-run'
import { replayAgent } from './replay-agent'
import { replaySingle } from './replay-single'
import type { ReplayWish } from './target'

// What a provider says of a failure may quote the prompt.
const messageOf = ({ message, ending: { failure } }: Acted, isWithheld: boolean): string => {
  if (!isWithheld || failure === null) return message
  return isProblemCode(failure.code) ? PROBLEMS[failure.code].text : 'The run failed.'
}

type Done = { traceId: string; acted: Acted; question: Question; skillVersions: Readonly<Record<string, string>> }

const replyOf = async (scope: Scope, { record }: RecordedRun, mode: ReplayBody['mode'], done: Done) => {
  const { traceId, acted, question, skillVersions } = done
  const ids = { base_trace_id: record.id, compare_trace_id: traceId }
  const { diff } = await diffTraces(scope, { ...ids, include_summary: false })
  const { trace } = await getTrace(scope, record.id)
  const { model, temperature } = question
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
      workspace_version: diff.workspace.compare_hash,
      skill_versions: { ...skillVersions },
    },
    mode,
    ...(acted.found ? { first_divergence: toldOf(acted.found, !diff.withheld) } : {}),
    diff,
  }
}

const act = async (scope: Scope, recorded: RecordedRun, body: ReplayWish): Promise<ReplayReply> => {
  await nameTrace(scope)
  const { run, acted, question, skillVersions } = await (recorded.kind === 'agent'
    ? replayAgent(scope, recorded, body)
    : replaySingle(scope, recorded, body))
  await endRun(run, acted.ending)
  if (isGone(run, acted)) throw new Problem('cancelled')
  return replyOf(scope, recorded, body.mode, { traceId: run.traceId, acted, question, skillVersions })
}

/** Runs a recorded run again through the one loop. The result is a trace of its own, compared with the first. */
export const replayTrace = async (scope: Scope, id: string, body: ReplayWish): Promise<ReplayReply> => {
  const recorded = recordedRun(await readRecord(scope, id), scope.redaction)
  return running(act(scope, recorded, body))
}
