import { randomUUID } from 'node:crypto'
import { askPatiently } from './ask-patiently'

export type Person = { userId: string; tenantId: string; token: string }

export type Answer = { status: number; body: unknown }

export type Request = { method?: string; token?: string | null; body?: object; headers?: Record<string, string> }

// A tool that may be called: whoever runs the check names it, because a check cannot know what a tool does.
export type ToolToCall = { name: string; arguments: Record<string, unknown> }

type CreatedTask = { id: string; title: string; status: string; description?: string | null | undefined }

export type Claims = Record<string, unknown>

// Everything a check may use: the backend, the people in whose name it asks, and what earlier checks left.
export type Desk = {
  baseUrl: string
  me: Person
  // Makes a further person, in the same tenant or another; null when only one token was given.
  another: ((place?: { tenantId?: string; userId?: string }) => Promise<Person>) | null
  // Signs a token of `me` with some claims changed; null when only a token was given.
  sign: ((changes: Claims) => Promise<string>) | null
  internalToken: string
  tool: ToolToCall | null
  // How long an event may take to arrive.
  patienceMs: number
  ask: (path: string, request?: Request) => Promise<Answer>
  open: (path: string, request: Request, signal: AbortSignal) => Promise<Response>
  run: string
  found: { task?: { task: CreatedTask; key: string }; features: Record<string, unknown> | null }
}

export type Check = { name: string; run: (desk: Desk) => Promise<void> }

// Not passed and not failed: the question could not be put, or the backend does not claim to answer it.
export class Skip extends Error {
  override readonly name = 'Skip'
}

const TIMEOUT_MS = 15_000

const bodyOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Seat = Pick<Desk, 'baseUrl' | 'me' | 'another' | 'sign' | 'internalToken'> & {
  tool?: ToolToCall | null
  patienceMs?: number
}

const PATIENCE_MS = 10_000

export const openDesk = (seat: Seat): Desk => {
  const base = seat.baseUrl.replace(/\/+$/, '')
  const send: Desk['open'] = (path, { method, token = seat.me.token, body, headers }, signal) =>
    fetch(`${base}${path}`, {
      method: method ?? (body ? 'POST' : 'GET'),
      headers: {
        ...(token === null ? {} : { 'x-agent-token': token }),
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      redirect: 'manual',
      signal,
    })
  const open: Desk['open'] = (path, request, signal) => askPatiently(() => send(path, request, signal), signal)
  const ask: Desk['ask'] = async (path, request = {}) => {
    const reply = await askPatiently(() => send(path, request, AbortSignal.timeout(TIMEOUT_MS)))
    const isStream = (reply.headers.get('content-type') ?? '').startsWith('text/event-stream')
    if (isStream) await reply.body?.cancel()
    return { status: reply.status, body: isStream ? undefined : bodyOf(await reply.text()) }
  }
  const { patienceMs = PATIENCE_MS, tool = null } = seat
  const run = randomUUID().slice(0, 8)
  return { ...seat, tool, patienceMs, baseUrl: base, ask, open, run, found: { features: null } }
}
