import { randomUUID } from 'node:crypto'
import { type Check, type Desk, Skip } from './desk'
import { announced, another, fail, MC, mustBe, mustRefuse, theTask } from './expect'
import { Anything, Deliveries, Message, NotificationList } from './shapes'

const LIST = `${MC}/notifications?unread=true`
const waitingPath = (limit: number) => `${MC}/dispatch/undelivered?limit_users=${limit}&limit_notifications=${limit}`
const ONE = waitingPath(1)
const MANY = waitingPath(100)

const listed = async (desk: Desk) => {
  announced(desk, 'notifications_dispatch')
  mustBe('list', await desk.ask(LIST), NotificationList)
  mustRefuse('without token', await desk.ask(LIST, { token: null }), 401)
}

const dispatcher = ({ internalToken }: Desk) => {
  if (internalToken === '') throw new Skip('needs INTERNAL_API_TOKEN')
  return { token: null, headers: { 'x-internal-token': internalToken } }
}

const dispatch = async (desk: Desk) => {
  announced(desk, 'notifications_dispatch')
  mustRefuse('without the internal token', await desk.ask(ONE, { token: null }), 401)
  mustRefuse('with an agent token', await desk.ask(ONE), 401, 403)
  const nowhere = `${MC}/dispatch/notifications/none/deliver?user_id=none`
  const deliver = await desk.ask(nowhere, { token: null, method: 'POST' })
  mustRefuse('deliver without the internal token', deliver, 401)
  for (const method of ['GET', 'POST'])
    mustBe(`${method} undelivered`, await desk.ask(ONE, { method, ...dispatcher(desk) }), Deliveries)
}

const waiting = async (desk: Desk) =>
  mustBe('undelivered', await desk.ask(MANY, dispatcher(desk)), Deliveries).deliveries.filter(
    ({ user_id }) => user_id === desk.me.userId,
  )

const deliver = (desk: Desk, id: string, userId: string) => {
  const path = `${MC}/dispatch/notifications/${encodeURIComponent(id)}/deliver?user_id=${encodeURIComponent(userId)}`
  return desk.ask(path, { method: 'POST', ...dispatcher(desk) })
}

// What a user writes becomes a notification. It is taken away again, so that no agent is woken by a check.
const withNotification = async (desk: Desk, look: (id: string, content: string) => Promise<void>) => {
  announced(desk, 'notifications_dispatch')
  dispatcher(desk)
  const content = `Notification ${randomUUID()}`
  const body = { task_id: theTask(desk).id, content, actor_type: 'user', agent_role: 'conformance' }
  mustBe('a message of the user', await desk.ask(`${MC}/messages`, { body }), Message)
  const mine = (await waiting(desk)).find((one) => one.content.includes(content))
  if (!mine) throw new Skip('no notification came of a message with actor_type "user"')
  try {
    await look(mine.notification_id, content)
  } finally {
    await deliver(desk, mine.notification_id, desk.me.userId)
  }
}

const ofOthers = async (desk: Desk) => {
  const { token } = await another(desk)
  await withNotification(desk, async (_id, content) => {
    const [own, foreign] = [await desk.ask(LIST), await desk.ask(LIST, { token })]
    for (const answer of [own, foreign]) mustBe('list', answer, Anything)
    if (!JSON.stringify(own.body).includes(content)) fail('one does not see the own notification')
    if (JSON.stringify(foreign.body).includes(content)) fail('one sees the notifications of the other')
  })
}

const delivery = async (desk: Desk) =>
  withNotification(desk, async (id) => {
    const waits = async () => (await waiting(desk)).some(({ notification_id }) => notification_id === id)
    mustRefuse('deliver for another user', await deliver(desk, id, `not-${desk.me.userId}`), 404)
    if (!(await waits())) fail('another user took the notification away')
    for (const what of ['deliver', 'deliver once more']) mustBe(what, await deliver(desk, id, desk.me.userId), Anything)
    if (await waits()) fail('what was delivered is still undelivered')
  })

export const NOTIFICATION_CHECKS: readonly Check[] = [
  { name: 'notifications', run: listed },
  { name: 'notifications of other users', run: ofOthers },
  { name: 'dispatch', run: dispatch },
  { name: 'delivery of notifications', run: delivery },
]
