import { type Check, type Desk, Skip } from './desk'
import { announced, another, fail, MC, mustBe, mustRefuse, theTask } from './expect'
import { hearNamedEvent } from './hear-event'
import { Anything, Deliveries, Document, Task, TaskPage, ToolList, ToolRequest } from './shapes'

const DOC_TYPES = ['deliverable', 'research', 'plan', 'standup', 'note']

const documentTypes = async (desk: Desk) => {
  const { id: task_id } = theTask(desk)
  for (const doc_type of DOC_TYPES) {
    const body = { task_id, title: doc_type, content: 'x', doc_type }
    const kept = mustBe(doc_type, await desk.ask(`${MC}/documents`, { body }), Document)
    if (kept.doc_type !== doc_type) fail(`a document of type ${doc_type} became ${kept.doc_type}`)
  }
}

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

const notifications = async (desk: Desk) => {
  announced(desk, 'notifications_dispatch')
  mustBe('list', await desk.ask(`${MC}/notifications?unread=true`), Anything)
  mustRefuse('without token', await desk.ask(`${MC}/notifications?unread=true`, { token: null }), 401)
}

const UNDELIVERED = `${MC}/dispatch/undelivered?limit_users=1&limit_notifications=1`

const dispatch = async (desk: Desk) => {
  announced(desk, 'notifications_dispatch')
  mustRefuse('without the internal token', await desk.ask(UNDELIVERED, { token: null }), 401)
  mustRefuse('with an agent token', await desk.ask(UNDELIVERED), 401, 403)
  const deliver = await desk.ask(`${MC}/dispatch/notifications/none/deliver?user_id=none`, {
    token: null,
    method: 'POST',
  })
  mustRefuse('deliver without the internal token', deliver, 401)
  if (desk.internalToken === '') throw new Skip('needs INTERNAL_API_TOKEN')
  const headers = { 'x-internal-token': desk.internalToken }
  for (const method of ['GET', 'POST'])
    mustBe(`${method} undelivered`, await desk.ask(UNDELIVERED, { token: null, method, headers }), Deliveries)
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
}

const standup = async (desk: Desk) => {
  announced(desk, 'standup')
  const body = { user_id: desk.me.userId, timezone: 'UTC' }
  mustBe('standup', await desk.ask(`${MC}/standup`, { body }), Anything)
}

const REQUEST = { justification: 'j', interface: 'send(to, text)', scope: 'mail', risk_level: 'low' }

const toolRequests = async (desk: Desk) => {
  announced(desk, 'tool_requests')
  const path = `${MC}/tool-requests`
  const made = mustBe(
    'request',
    await desk.ask(path, { body: { title: `Request ${desk.run}`, ...REQUEST } }),
    ToolRequest,
  )
  if (made.status !== 'pending') fail(`a new request is ${made.status}, not pending`)
  const list = mustBe('list', await desk.ask(path), Anything)
  if (!JSON.stringify(list).includes(JSON.stringify(made.id))) fail('the list lacks the request')
  const body = { status: 'denied', reason: 'conformance' }
  const decided = mustBe('decide', await desk.ask(`${path}/${made.id}`, { method: 'PATCH', body }), ToolRequest)
  if (decided.status !== 'denied') fail(`a denied request is ${decided.status}`)
}

// Tools are announced by answering at all.
const toolsOf = async (desk: Desk) => {
  const answer = await desk.ask('/api/tools')
  if (answer.status === 404) throw new Skip('there is no /api/tools')
  return mustBe('list', answer, ToolList)
}

const tools = async (desk: Desk) => {
  await toolsOf(desk)
  mustRefuse('without token', await desk.ask('/api/tools', { token: null }), 401)
}

const unknownTool = async (desk: Desk) => {
  await toolsOf(desk)
  const body = { arguments: {}, tenant_id: desk.me.tenantId, workspace_id: 'default', trace_id: desk.run }
  mustRefuse('an unknown tool', await desk.ask(`/api/tools/conformance_${desk.run}`, { body }), 404)
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
  { name: 'document types are kept', run: documentTypes },
  { name: 'notifications', run: notifications },
  { name: 'dispatch', run: dispatch },
  { name: 'events', run: events },
  { name: 'events of other users', run: foreignEvents },
  { name: 'heartbeat', run: heartbeat },
  { name: 'standup', run: standup },
  { name: 'tool requests', run: toolRequests },
  { name: 'tools', run: tools },
  { name: 'unknown tool 404', run: unknownTool },
]
