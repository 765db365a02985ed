import { z } from 'zod'
import type { Env } from '@/lib/core/env'

// It becomes a part of an address, where a point or two would lead elsewhere, and half a character nowhere.
const isPart = (id: string): boolean => id !== '.' && id !== '..' && !/\p{Surrogate}/u.test(id)

export const Delivery = z.object({
  user_id: z.string().min(1),
  session_key: z.string().min(1),
  notification_id: z.union([z.string().min(1).refine(isPart), z.number().transform(String)]),
  content: z.string().min(1),
  tenant_id: z.string().min(1).optional(),
})
export type Delivery = z.output<typeof Delivery>

const Undelivered = z.object({ deliveries: z.array(z.unknown()) })

const MC = '/api/mission-control'
const BACKEND_MS = 15_000
const MARGIN_MS = 15_000

const at = (base: string, path: string) => `${base.replace(/\/+$/, '')}${path}`

const HOPELESS = [400, 403, 404, 413, 422]

const refused = (message: string, status: number): Error => Object.assign(new Error(message), { status })

/** Whether the same words will get the same refusal whenever they are said. */
export const isHopeless = (error: unknown): boolean =>
  error instanceof Error && 'status' in error && HOPELESS.some((status) => status === error.status)

type Waiting = { complete: Delivery[]; incomplete: number }

const askWhatWaits = (settings: Env, method: string, signal: AbortSignal) => {
  const { DISPATCH_LIMIT_USERS: users, DISPATCH_LIMIT_NOTIFICATIONS: each } = settings
  const path = `${MC}/dispatch/undelivered?limit_users=${users}&limit_notifications=${each}`
  const headers = { 'x-internal-token': settings.INTERNAL_API_TOKEN }
  return fetch(at(settings.BACKEND_URL, path), { method, headers, redirect: 'error', signal })
}

// Ends with the process or with the time; nothing is left hanging on the long-lived signal.
const withDeadline = async <T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const control = new AbortController()
  const stop = () => control.abort()
  const timer = setTimeout(stop, BACKEND_MS)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await work(control.signal)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

/** What waits at the backend. A delivery that lacks something is counted, so that somebody notices. */
export const fetchUndelivered = (settings: Env, stopped: AbortSignal): Promise<Waiting> =>
  withDeadline(stopped, async (signal) => {
    const first = await askWhatWaits(settings, 'GET', signal)
    const isOlder = first.status === 404 || first.status === 405
    const reply = isOlder ? await askWhatWaits(settings, 'POST', signal) : first
    if (!reply.ok) throw new Error(`The backend answered ${reply.status} when asked what waits.`)
    const { deliveries } = Undelivered.parse(await reply.json())
    const complete = deliveries.flatMap((one) => Delivery.safeParse(one).data ?? [])
    return { complete, incomplete: deliveries.length - complete.length }
  })

/** Lets the agent read it. The key makes sure that a lost answer does not run it twice. Any 2xx is an answer. */
export const sendToAgent = async (settings: Env, daemonKey: string, delivery: Delivery): Promise<void> => {
  const { user_id, session_key, notification_id, content, tenant_id } = delivery
  const reply = await fetch(at(settings.AGENT_DAEMON_URL, '/api/agents/send'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-agent-daemon-key': daemonKey },
    body: JSON.stringify({
      user_id,
      session_key,
      message: content,
      metadata: { type: 'mc.notification', notification_id },
      idempotency_key: `notification:${notification_id}`,
      ...(tenant_id === undefined ? {} : { tenant_id }),
    }),
    redirect: 'error',
    signal: AbortSignal.timeout(settings.CLASPER_RUN_TIMEOUT_MS + MARGIN_MS),
  })
  await reply.arrayBuffer()
  if (!reply.ok) throw refused(`The agent answered ${reply.status}.`, reply.status)
}

export const acknowledge = async (settings: Env, { notification_id, user_id }: Delivery): Promise<void> => {
  const path = `${MC}/dispatch/notifications/${encodeURIComponent(notification_id)}/deliver`
  const reply = await fetch(at(settings.BACKEND_URL, `${path}?user_id=${encodeURIComponent(user_id)}`), {
    method: 'POST',
    headers: { 'x-internal-token': settings.INTERNAL_API_TOKEN },
    redirect: 'error',
    signal: AbortSignal.timeout(BACKEND_MS),
  })
  await reply.arrayBuffer()
  if (!reply.ok) throw refused(`The backend answered ${reply.status} to the delivery.`, reply.status)
}
