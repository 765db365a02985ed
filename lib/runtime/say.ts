import { kernel } from '@/lib/core/kernel'
import { doneOwnJob, laterOwnJob } from '@/lib/core/outbox'
import type { ModelRef } from '@/lib/providers'
import { Problem } from '@/lib/shared/problem'
import type { RunReply } from './contract'
import { conclusionWrites, post, refusedBody, replyAfter } from './deliver'
import { type Ending, endRun } from './end-run'
import { judgeAnswer, judgeRespond, type Silence } from './heartbeat'
import { hookFacts } from './hook-facts'
import { outcomeOf } from './inputs'
import type { LoopResult } from './loop'
import { type Parcel, parcelJob } from './parcel'
import type { Prepared } from './prepare'
import { replyOf } from './reply'
import type { RunRequest } from './request'
import type { Run } from './run'
import type { Result } from './work'

export type Said = {
  model: ModelRef
  // What the caller reads, and what is posted: silence reads HEARTBEAT_OK and posts nothing.
  text: string
  content: string
  stopReason: RunReply['stop_reason']
  isSuppressed: boolean
  tokenSeen: boolean
  contextWarning?: string
  result?: LoopResult
}

const silenceOf = (request: RunRequest, result: Result): Silence =>
  result.respond
    ? judgeRespond(result.respond)
    : judgeAnswer(result.text, {
        isHeartbeat: request.isHeartbeat,
        maxAckChars: kernel().env.CLASPER_HEARTBEAT_ACK_MAX_CHARS,
      })

export const saidBy = (prepared: Prepared, result: Result): Said => {
  const silence = silenceOf(prepared.request, result)
  return {
    model: result.model,
    text: silence.suppressed ? 'HEARTBEAT_OK' : silence.text,
    content: silence.suppressed ? '' : silence.text,
    stopReason: result.stopReason,
    isSuppressed: silence.suppressed,
    tokenSeen: silence.tokenSeen,
    result,
    ...(prepared.contextWarning === undefined ? {} : { contextWarning: prepared.contextWarning }),
  }
}

// A heartbeat with nothing to look at: over before a model is asked.
export const saidNothing = (prepared: Prepared): Said => ({
  model: prepared.question.model,
  text: 'HEARTBEAT_OK',
  content: '',
  stopReason: 'completed',
  isSuppressed: true,
  tokenSeen: false,
})

export const endingOf = (said: Said, taskId: string | null, delivery: RunReply['delivery']): Ending => ({
  status: 'success',
  stopReason: said.stopReason,
  model: said.model,
  failure: null,
  taskId,
  delivery,
  isSuppressed: said.isSuppressed,
  outcome: { ...outcomeOf(said.text, said.result), ...(said.tokenSeen ? { heartbeat_token: true } : {}) },
})

const parcelOf = (run: Run, { request }: Prepared, taskId: string, said: Said, reply: RunReply): Parcel => ({
  taskId,
  place: request.place,
  content: said.content,
  plan: request.plan,
  reply,
  webhook: request.webhook,
  webhookFacts: hookFacts(request, reply, run.scope.clock.now()),
  once: run.scope.once?.ref ?? null,
})

const claim = (run: Run): void => {
  if (run.scope.once) run.scope.once.isTaken = true
}

// Nothing is to be posted, so there is nothing between the commits B and C: they are one.
export const keep = async (run: Run, prepared: Prepared, taskId: string | null, said: Said): Promise<RunReply> => {
  const delivery = said.isSuppressed ? 'suppressed' : 'none'
  const reply = replyOf(run, { ...said, taskId, delivery })
  const parcel = parcelOf(run, prepared, taskId ?? '', said, reply)
  const writes = await conclusionWrites(run.scope, run.traceId, parcel, { delivery })
  claim(run)
  await endRun(run, endingOf(said, taskId, delivery), writes)
  return reply
}

// Commit B carries a job that would do the rest. The rest is done here all the same, and the job struck out by commit C.
export const deliver = async (run: Run, prepared: Prepared, taskId: string, said: Said): Promise<RunReply> => {
  const { scope, traceId } = run
  const reply = replyOf(run, { ...said, taskId, delivery: 'pending' })
  const parcel = parcelOf(run, prepared, taskId, said, reply)
  const job = parcelJob(scope, traceId, parcel)
  claim(run)
  prepared.detach()
  // Should this process die now, a repetition finds the answer instead of asking for another.
  const once = scope.once ? [scope.once.write(200, reply)] : []
  await endRun(run, endingOf(said, taskId, 'none'), [job.write, ...once])
  const posting = await post(scope, prepared.backend, traceId, parcel)
  const mine = posting.delivery === 'pending' ? laterOwnJob(job.id) : doneOwnJob(job.id)
  const writes = await conclusionWrites(scope, traceId, parcel, posting)
  const { applied } = await scope.command({ audit: [], writes: [mine, ...writes] })
  if (!applied) return reply
  if (posting.delivery !== 'refused') return replyAfter(parcel, posting)
  throw new Problem('control_plane_error', posting.problem.message, posting.problem.details, {
    cause: posting.problem,
    body: refusedBody(parcel, posting),
  })
}
