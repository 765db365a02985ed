import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Row, Store } from './database'
import { Refusal } from './refusal'

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const html = (value: unknown) => String(value ?? '').replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '')

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1c1c1e;background:#fff}
h1{font-size:1.3rem}h2{font-size:1.05rem;margin:0}article{border:1px solid #d4d4d8;border-radius:8px;padding:.8rem 1rem;margin:1rem 0}
small{color:#52525b}li{margin:.4rem 0}pre{white-space:pre-wrap;margin:.2rem 0;font:inherit}ul{padding-left:1.1rem}
@media(prefers-color-scheme:dark){body{color:#f4f4f5;background:#18181b}article{border-color:#3f3f46}small{color:#a1a1aa}}`

const entry = (who: string, { content, created_at }: Row) =>
  `<li><small>${html(who)} · ${html(created_at)}</small><pre>${html(content)}</pre></li>`

const entriesOf = (store: Store, task: Row): string => {
  const messages = store.all('SELECT * FROM messages WHERE task_id = ? ORDER BY seq LIMIT 200', task['id'])
  const documents = store.all('SELECT * FROM documents WHERE task_id = ? ORDER BY seq LIMIT 50', task['id'])
  return [
    ...messages.map((row) => entry(`${row['actor_type']} ${row['agent_role'] ?? row['actor_id'] ?? ''}`, row)),
    ...documents.map((row) => entry(`document “${row['title']}” (${row['doc_type']})`, row)),
  ].join('')
}

const taskOf = (store: Store, task: Row) => `<article><h2>${html(task['title'])}</h2>
<small>${html(task['status'])} · ${html(task['user_id'])} of ${html(task['tenant_id'])} · ${html(task['id'])}</small>
<ul>${entriesOf(store, task)}</ul></article>`

const pageOf = (store: Store) => {
  const tasks = store.all('SELECT * FROM tasks ORDER BY updated_at DESC, seq DESC LIMIT 50')
  const list = tasks.map((task) => taskOf(store, task)).join('') || '<p>No task yet. Send an agent a message.</p>'
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mission Control Lite</title>
<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head>
<body><main><h1>Mission Control Lite: the latest tasks</h1>${list}</main></body></html>`
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/
const isLocal = (request: IncomingMessage) =>
  /^(?:127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? '') && LOOPBACK.test(request.headers.host ?? '')

// It shows every tenant's rows, so only this machine sees it, and by no name that somebody else can point here.
export const showPage = (store: Store, request: IncomingMessage, response: ServerResponse): void => {
  if (!isLocal(request)) throw new Refusal(403, 'The page is for this machine alone', 'permission_denied')
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(pageOf(store))
}
