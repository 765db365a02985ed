import type { Check, Desk } from './desk'
import { announced, another, fail, MC, mustBe, mustRefuse } from './expect'
import { hearNamedEvent } from './hear-event'
import { NOTIFICATION_CHECKS } from './notification-checks'
import { Anything, Task, TaskPage } from './shapes'
import { TOOL_CHECKS } from './tool-checks'

const pages = async (desk: Desk) => {
  const { token } = desk.another ? await desk.another() : desk.me
  const made: string[] = []
  for (const n of [1, 2, 3]) {
    const answer = await desk.ask(`${MC}/tasks`, { token, body: { title: `Page ${n} of ${desk.run}` } })
    made.push(mustBe('create', answer, Task).id)
  }
  const seen: string[] = []
  const page = { cursor: '' }
  do {
    const query = page.cursor === '' ? '' : `&cursor=${encodeURIComponent(page.cursor)}`
    const { items, next_cursor } = mustBe('list', await desk.ask(`${MC}/tasks?limit=2${query}`, { token }), TaskPage)
    if (items.length > 2) fail(`limit=2 handed out ${items.length} tasks`)
    if (items.some(({ id }) => seen.includes(id))) fail('a task stands on two pages')
    if (next_cursor && items.length === 0) fail('an empty page has a next_cursor')
    seen.push(...items.map(({ id }) => id))
    page.cursor = next_cursor ?? ''
  } while (page.cursor !== '' && (desk.another ? true : seen.length < 4))
  if (desk.another && made.some((id) => !seen.includes(id))) fail(`of 3 tasks the pages show ${seen.length}`)
  if (seen.length < 3) fail('there is no next_cursor although there are more tasks')
}

const events = async (desk: Desk) => {
  announced(desk, 'events_sse')
  mustRefuse('without token', await desk.ask(`${MC}/events`, { token: null }), 401)
  const title = `Event of ${desk.run}`
  await hearNamedEvent(desk, 'task.created', title, async () => {
    mustBe('create', await desk.ask(`${MC}/tasks`, { body: { title } }), Task)
  })
}

const heartbeat = async (desk: Desk) => {
  announced(desk, 'heartbeat')
  mustBe('heartbeat', await desk.ask(`${MC}/heartbeat`, { body: { user_id: desk.me.userId } }), Anything)
  const body = { user_id: `not-${desk.me.userId}` }
  mustRefuse('heartbeat of another user', await desk.ask(`${MC}/heartbeat`, { body }), 403)
}

const standup = async (desk: Desk) => {
  announced(desk, 'standup')
  const body = { user_id: desk.me.userId, timezone: 'UTC' }
  mustBe('standup', await desk.ask(`${MC}/standup`, { body }), Anything)
  const foreign = { ...body, user_id: `not-${desk.me.userId}` }
  mustRefuse('standup of another user', await desk.ask(`${MC}/standup`, { body: foreign }), 403)
}

const foreignEvents = async (desk: Desk) => {
  announced(desk, 'events_sse')
  const { token } = await another(desk)
  const [mine, theirs] = [`Mine ${desk.run}`, `Theirs ${desk.run}`]
  const heard = await hearNamedEvent(desk, 'task.created', mine, async () => {
    mustBe('create', await desk.ask(`${MC}/tasks`, { token, body: { title: theirs } }), Task)
    mustBe('create', await desk.ask(`${MC}/tasks`, { body: { title: mine } }), Task)
  })
  if (heard.includes(theirs)) fail('one hears the events of the other')
}

export const OPTIONAL_CHECKS: readonly Check[] = [
  { name: 'pagination follows next_cursor', run: pages },
  ...NOTIFICATION_CHECKS,
  { name: 'events', run: events },
  { name: 'events of other users', run: foreignEvents },
  { name: 'heartbeat', run: heartbeat },
  { name: 'standup', run: standup },
  ...TOOL_CHECKS,
]
