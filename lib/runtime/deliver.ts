import { agentToken } from '@/lib/auth'
import { type Backend, backendFor, isRetryable } from '@/lib/control-plane'
import type { Scope } from '@/lib/core/scope'
import type { CommandWrite } from '@/lib/core/writer'
import { onceWrite } from '@/lib/http/idempotency'
import { asProblem } from '@/lib/http/problem-reply'
import { isProblem, PROBLEMS, type Problem } from '@/lib/shared/problem'
import { type Delivery, deliveryWrites } from '@/lib/tracing'
import { webhookWrites } from '@/lib/webhooks'
import type { RunReply } from './contract'
import { hookTarget } from './hook-facts'
import type { Parcel } from './parcel'

export type Posting =
  | { delivery: 'posted'; taskId: string; messageId: string; documentId?: string }
  | { delivery: 'pending' | 'refused'; problem: Problem; taskId?: string; messageId?: string }
// Where there is nothing to post.
export type Standing = Posting | { delivery: 'none' | 'suppressed' }

// A backend for an answer that is spoken for by nobody any more.
export const backendOf = async (
  scope: Scope,
  traceId: string,
  { place }: Parcel,
  signal: AbortSignal,
): Promise<Backend> => backendFor(scope, { ...place, traceId, token: await agentToken(scope, place), signal })

// The backend knows the keys, so doing this twice posts once.
export const post = async (scope: Scope, backend: Backend, traceId: string, parcel: Parcel): Promise<Posting> => {
  const { taskId, content, plan } = parcel
  const done: { taskId?: string; messageId?: string } = {}
  try {
    const message = await backend.postMessage({ taskId, content, key: `${traceId}:message` })
    Object.assign(done, { taskId: message.taskId, messageId: message.id })
    if (!plan) return { delivery: 'posted', taskId: message.taskId, messageId: message.id }
    const document = await backend.postDocument({
      taskId: message.taskId,
      content,
      title: plan.title,
      docType: 'plan',
      key: `${traceId}:plan`,
    })
    return { delivery: 'posted', taskId: message.taskId, messageId: message.id, documentId: document.id }
  } catch (error) {
    if (!isProblem(error)) scope.log.error('posting an answer failed', { error, traceId })
    const problem = asProblem(error)
    return { delivery: isProblem(error) && !isRetryable(problem) ? 'refused' : 'pending', problem, ...done }
  }
}

export const replyAfter = (parcel: Parcel, posting: Standing): RunReply => ({
  ...parcel.reply,
  delivery: posting.delivery,
  ...('messageId' in posting && posting.messageId ? { message_id: posting.messageId } : {}),
  ...('taskId' in posting && posting.taskId ? { task_id: posting.taskId } : {}),
  ...(posting.delivery === 'posted' && posting.documentId ? { document_id: posting.documentId } : {}),
})

// What the caller of a refused answer is told: the answer, and that the backend did not take it.
export const refusedBody = (parcel: Parcel, posting: Standing): Record<string, unknown> => {
  const { trace_id, task_id, response, usage, cost, message_id } = replyAfter(parcel, posting)
  return { trace_id, task_id, response, usage, cost, ...(message_id === undefined ? {} : { message_id }) }
}

const answerOf = (parcel: Parcel, posting: Standing): { status: number; body: object } =>
  posting.delivery === 'refused'
    ? {
        status: PROBLEMS.control_plane_error.status,
        body: {
          error: posting.problem.message,
          code: posting.problem.code,
          details: posting.problem.details,
          ...refusedBody(parcel, posting),
        },
      }
    : { status: 200, body: replyAfter(parcel, posting) }

export const linkWrites = (traceId: string, posting: Standing): CommandWrite[] => {
  const delivery: Delivery = posting.delivery
  const { taskId, messageId, documentId } = {
    documentId: undefined,
    taskId: undefined,
    messageId: undefined,
    ...posting,
  }
  return deliveryWrites(traceId, delivery, {
    ...(taskId === undefined ? {} : { taskId }),
    ...(messageId === undefined ? {} : { messageId }),
    ...(documentId === undefined ? {} : { documentId }),
  })
}

// Commit C: links, state, the answer for repetitions, and the webhook.
export const conclusionWrites = async (
  scope: Scope,
  traceId: string,
  parcel: Parcel,
  posting: Standing,
): Promise<CommandWrite[]> => {
  const answer = answerOf(parcel, posting)
  const isRefused = posting.delivery === 'refused'
  const told = replyAfter(parcel, posting)
  const hook = parcel.webhook
    ? await webhookWrites(scope, {
        traceId,
        ...hookTarget(parcel.webhook),
        event: isRefused ? 'agent.error' : 'agent.completed',
        payload: {
          ...parcel.webhookFacts,
          delivery: told.delivery,
          ...(isRefused ? { error: posting.problem.message } : {}),
        },
      })
    : { writes: [] }
  return [
    ...linkWrites(traceId, posting),
    ...(parcel.once ? [onceWrite(scope, parcel.once, answer.status, answer.body)] : []),
    ...hook.writes,
  ]
}
