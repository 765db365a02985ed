import { bodyOf, type Kind } from './bodies'
import { type Check, type Desk, type Person, Skip } from './desk'
import { another, fail, MC, mustBe, mustEqual, mustRefuse, theTask } from './expect'
import { forgeriesOf } from './forged-tokens'
import { Document, Message, Task, TaskPage } from './shapes'
import { TOKEN_CHECKS } from './token-checks'

const CREATES: readonly Kind[] = ['tasks', 'messages', 'documents']

const SHAPES = { tasks: Task, messages: Message, documents: Document }

const PROTECTED = [`${MC}/capabilities`, `${MC}/tasks`]

const withoutToken = async (desk: Desk) => {
  for (const path of PROTECTED) mustRefuse(`GET ${path}`, await desk.ask(path, { token: null }), 401)
  const body = bodyOf('tasks', '', 'Nobody')
  mustRefuse(`POST ${MC}/tasks`, await desk.ask(`${MC}/tasks`, { token: null, body }), 401)
}

const withForgedToken = async (desk: Desk) => {
  for (const { name, token } of forgeriesOf(desk.me.token))
    mustRefuse(`a token ${name}`, await desk.ask(`${MC}/tasks`, { token }), 401)
}

const repeated = (kind: Kind) => async (desk: Desk) => {
  const body = { ...bodyOf(kind, theTask(desk).id, 'Once'), idempotency_key: `conformance-${desk.run}:once:${kind}` }
  const first = mustBe('first', await desk.ask(`${MC}/${kind}`, { body }), SHAPES[kind])
  const turned = Object.fromEntries(Object.entries(body).reverse())
  const again = mustBe('second', await desk.ask(`${MC}/${kind}`, { body: turned }), SHAPES[kind])
  if (first.id !== again.id) fail(`the same key made two: ${first.id} and ${again.id}`)
  mustEqual('second', first, again)
}

const reused = (kind: Kind) => async (desk: Desk) => {
  const { id } = theTask(desk)
  const key = { idempotency_key: `conformance-${desk.run}:reuse:${kind}` }
  mustBe('first', await desk.ask(`${MC}/${kind}`, { body: { ...bodyOf(kind, id, 'One'), ...key } }), SHAPES[kind])
  mustRefuse('another request', await desk.ask(`${MC}/${kind}`, { body: { ...bodyOf(kind, id, 'Two'), ...key } }), 409)
}

const cannotReach = async (desk: Desk, { token }: Person) => {
  const { id, task, key } = theTask(desk)
  const { items } = mustBe('list', await desk.ask(`${MC}/tasks?limit=100`, { token }), TaskPage)
  if (items.some((seen) => seen.id === id)) fail('one sees the tasks of the other')
  for (const kind of ['messages', 'documents'] as const) {
    const body = bodyOf(kind, id, 'Intruder')
    mustRefuse(`${kind} to a foreign task`, await desk.ask(`${MC}/${kind}`, { token, body }), 404)
  }
  const body = { title: task.title, idempotency_key: key }
  const own = await desk.ask(`${MC}/tasks`, { token, body })
  if (mustBe('the same key of another user', own, Task).id === id) fail('a key of one hands out the task of the other')
}

const betweenUsers = async (desk: Desk) => cannotReach(desk, await another(desk))

const betweenTenants = async (desk: Desk) =>
  cannotReach(desk, await another(desk, { tenantId: `conformance-${desk.run}` }))

// A backend may hold that user ids are unique across tenants; then there is nothing to separate.
const namesakes = async (desk: Desk) => {
  const { id } = theTask(desk)
  const { token } = await another(desk, { tenantId: `conformance-${desk.run}`, userId: desk.me.userId })
  const { items } = mustBe('list', await desk.ask(`${MC}/tasks?limit=100`, { token }), TaskPage)
  if (items.some((task) => task.id === id))
    throw new Skip('this backend takes one user id in two tenants for one user: keep user ids unique')
}

export const SAFETY_CHECKS: readonly Check[] = [
  { name: '401 without token', run: withoutToken },
  { name: '401 with forged token', run: withForgedToken },
  ...TOKEN_CHECKS,
  { name: 'isolation between users', run: betweenUsers },
  { name: 'isolation between tenants', run: betweenTenants },
  { name: 'one user id in two tenants', run: namesakes },
  ...CREATES.slice(1).map((kind) => ({ name: `idempotency of ${kind}`, run: repeated(kind) })),
  ...CREATES.map((kind) => ({ name: `409 on key reuse (${kind})`, run: reused(kind) })),
]
