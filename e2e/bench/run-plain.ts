import { createHmac, randomUUID } from 'node:crypto'
import fastify, { type FastifyReply } from 'fastify'
import Database from 'libsql'
import { callLibrary, readAnswer } from './run-call'
import type { Surroundings } from './run-case'

// What a team writes in a week: the same calls, and nobody asks who may do what at which price. With `isNoted` the
// durability is the same too: a run that dies in the middle of its call of the model is known.
const { providerUrl, backendUrl, system, secret, file, isNoted } = JSON.parse(process.argv[2] ?? '{}') as Surroundings

const db = new Database(file)
db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
db.exec(`CREATE TABLE runs (id TEXT PRIMARY KEY, user TEXT, role TEXT, task TEXT, system TEXT, message TEXT, answer TEXT,
  input INTEGER, output INTEGER, created_at TEXT, delivery TEXT, message_id TEXT)`)
const insert = db.prepare(`INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)`)
const answer = db.prepare(`UPDATE runs SET answer = ?, input = ?, output = ?, delivery = 'pending' WHERE id = ?`)
const deliver = db.prepare(`UPDATE runs SET delivery = 'posted', message_id = ? WHERE id = ?`)

type Body = { user_id: string; session_key: string; task_title: string; message: string }

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

const tokenFor = (userId: string, role: string): string => {
  const now = Math.floor(Date.now() / 1000)
  const claims = { type: 'agent', user_id: userId, agent_role: role, tenant_id: 'default', iat: now, exp: now + 7200 }
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ ...claims, jti: randomUUID() })}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

const ask = async (path: string, token: string, body?: object): Promise<Record<string, unknown>> => {
  const reply = await fetch(`${backendUrl}/api/mission-control/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'x-agent-token': token, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  if (!reply.ok) throw new Error(`${path}: ${reply.status}`)
  return (await reply.json()) as Record<string, unknown>
}

const KEEP_MS = 60_000
const tasks = new Map<string, { id: string; until: number }>()

// Looked up once a minute, like the product does.
const taskOf = async ({ user_id, task_title: title }: Body, token: string): Promise<string> => {
  const known = tasks.get(`${user_id} ${title}`)
  if (known && known.until > performance.now()) return known.id
  const page = await ask(`tasks?limit=100&title=${encodeURIComponent(title)}`, token)
  const found = (page['items'] as { id: string; title: string }[]).find((task) => task.title === title)
  const id = found?.id ?? String((await ask('tasks', token, { title, idempotency_key: title }))['id'])
  tasks.set(`${user_id} ${title}`, { id, until: performance.now() + KEEP_MS })
  return id
}

const act = async (body: Body, onText?: (delta: string) => void) => {
  const role = body.session_key.split(':')[2] ?? 'agent'
  const token = tokenFor(body.user_id, role)
  const task = await taskOf(body, token)
  const id = randomUUID()
  const about = [id, body.user_id, role, task, system, body.message]
  if (isNoted) insert.run([...about, null, null, null, new Date().toISOString(), 'running'])
  const { text, input, output } = await readAnswer(callLibrary(providerUrl, system, body.message), onText)
  if (isNoted) answer.run([text, input, output, id])
  else insert.run([...about, text, input, output, new Date().toISOString(), 'pending'])
  const message = { task_id: task, content: text, actor_type: 'agent', agent_role: role, idempotency_key: id }
  const posted = await ask('messages', token, message)
  deliver.run([String(posted['id']), id])
  return {
    status: 'ok',
    id,
    task_id: task,
    message_id: posted['id'],
    response: text,
    usage: { prompt_tokens: input, completion_tokens: output },
  }
}

const schema = {
  body: {
    type: 'object',
    required: ['user_id', 'session_key', 'task_title', 'message'],
    properties: Object.fromEntries(
      ['user_id', 'session_key', 'task_title', 'message'].map((name) => [name, { type: 'string', minLength: 1 }]),
    ),
  },
}

const tell = (reply: FastifyReply, type: string, data: object) =>
  void reply.raw.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`)

const app = fastify()
app.post<{ Body: Body }>('/api/agents/send', { schema }, (request) => act(request.body))
app.post<{ Body: Body }>('/api/agents/stream', { schema }, async (request, reply) => {
  reply.hijack()
  reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  tell(reply, 'done', await act(request.body, (data) => tell(reply, 'chunk', { data })))
  reply.raw.end()
})
process.stdout.write(`${await app.listen({ port: 0, host: '127.0.0.1' })}\n`)
