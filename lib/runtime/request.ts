import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import type { ChatMessage } from '@/lib/shared/chat'
import { Problem } from '@/lib/shared/problem'
import type { RunKind } from '@/lib/tracing'
import { assertDeliverable } from '@/lib/webhooks'
import type { Conversation, RunMetadata, SendBody } from './contract'
import { actingUser } from './holder'
import { placeOf, type WishedPlace } from './place'
import { parseSessionKey } from './session-key'

export type TaskWish =
  | { kind: 'id'; id: string }
  | { kind: 'title'; title: string; description?: string; metadata?: object }

export type RunRequest = {
  kind: RunKind
  place: WishedPlace & { userId: string; role: string }
  message: string
  history: readonly ChatMessage[]
  // What leading system entries add to the prompt.
  systemNotes: readonly string[]
  metadata: RunMetadata
  promptOverride?: string
  isHeartbeat: boolean
  task: TaskWish | null
  plan: { title: string } | null
  webhook: SendBody['webhook'] | null
  model?: string
  temperature: number
  maxTokens?: number
  // An approval of this very request.
  decisionId?: string
}

const TEMPERATURE = 0.4
const KICKOFF_NOTE = "Draft a concise plan based on the user's request."

const typeOf = (metadata: RunMetadata): 'heartbeat' | 'notification' | null =>
  metadata.type === 'mc.heartbeat' || metadata.heartbeat === true
    ? 'heartbeat'
    : metadata.type === 'mc.notification'
      ? 'notification'
      : null

const TITLES = { heartbeat: 'Heartbeat', notification: 'Notifications' } as const

const titled = (body: Conversation, title: string): TaskWish => ({
  kind: 'title',
  title,
  ...(body.task_description === undefined ? {} : { description: body.task_description }),
  ...(body.task_metadata === undefined ? {} : { metadata: body.task_metadata }),
})

const taskOf = (body: Conversation, metadata: RunMetadata): TaskWish | null => {
  if (body.task_id !== undefined) return { kind: 'id', id: body.task_id }
  if (body.task_title !== undefined) return titled(body, body.task_title)
  const fallback = kernel().env.CLASPER_DEFAULT_TASK
  if (fallback !== '') return titled(body, fallback)
  const type = typeOf(metadata)
  return type ? titled(body, TITLES[type]) : null
}

const overrideOf = (scope: Scope, metadata: RunMetadata): string | undefined => {
  if (metadata.system_prompt === undefined) return undefined
  if (scope.identity.scopes.has('prompt:override')) return metadata.system_prompt
  throw new Problem('permission_denied', 'metadata.system_prompt needs the scope prompt:override.', {
    scope: 'prompt:override',
    scopes: [...scope.identity.scopes],
  })
}

const split = (messages: Conversation['messages'] = []) => {
  const first = messages.findIndex(({ role }) => role !== 'system')
  const leading = first < 0 ? messages.length : first
  return {
    systemNotes: messages.slice(0, leading).map(({ content }) => content),
    history: messages.slice(leading).filter(({ content }) => content !== ''),
  }
}

const messageOf = (body: Conversation, metadata: RunMetadata): string =>
  metadata.kickoff_plan ? `${metadata.kickoff_note ?? KICKOFF_NOTE}\n\nUser request: ${body.message}` : body.message

type Ways = { kind: RunKind; needsTask: boolean }

// From what a backend sent to what is to be done; everything that is wrong with it is said here, before anything is
// looked up or spent.
export const requestOf = (scope: Scope, body: Conversation & Pick<SendBody, 'webhook'>, ways: Ways): RunRequest => {
  const { userId, role } = parseSessionKey(body.session_key)
  if (userId !== body.user_id) throw new Problem('user_mismatch')
  actingUser(scope, { userId, role })
  if (body.webhook) assertDeliverable(body.webhook.url)
  const metadata = body.metadata ?? {}
  const promptOverride = overrideOf(scope, metadata)
  const task = taskOf(body, metadata)
  if (task === null && ways.needsTask) throw new Problem('task_required')
  const who = { userId, role, sessionKey: body.session_key }
  return {
    kind: ways.kind,
    place: { ...placeOf(scope, who, metadata), userId, role },
    message: messageOf(body, metadata),
    ...split(body.messages),
    metadata,
    ...(promptOverride === undefined ? {} : { promptOverride }),
    isHeartbeat: typeOf(metadata) === 'heartbeat',
    task,
    plan: metadata.kickoff_plan ? { title: metadata.plan_title ?? 'Plan' } : null,
    webhook: body.webhook ?? null,
    ...(body.model === undefined ? {} : { model: body.model }),
    temperature: body.temperature ?? TEMPERATURE,
    ...(body.max_tokens === undefined ? {} : { maxTokens: body.max_tokens }),
    ...(body.decision_id === undefined ? {} : { decisionId: body.decision_id.toLowerCase() }),
  }
}
