import { randomUUID } from 'node:crypto'

export type Person = { userId: string; tenantId: string; token: string }

export type Answer = { status: number; body: unknown }

export type Request = { method?: string; token?: string | null; body?: object; headers?: Record<string, string> }

// Everything a check may use: the backend, the people in whose name it asks, and what earlier checks left.
export type Desk = {
  baseUrl: string
  me: Person
  // Makes a further person, in the same tenant or another; null when only one token was given.
  another: ((place?: { tenantId?: string; userId?: string }) => Promise<Person>) | null
  internalToken: string
  // How long an event may take to arrive.
  patienceMs: number
  ask: (path: string, request?: Request) => Promise<Answer>
  open: (path: string, request: Request, signal: AbortSignal) => Promise<Response>
  run: string
  found: { task?: { id: string; title: string; key: string }; features: Record<string, unknown> | null }
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

type Seat = Pick<Desk, 'baseUrl' | 'me' | 'another' | 'internalToken'> & { patienceMs?: number }

const PATIENCE_MS = 10_000

export const openDesk = (seat: Seat): Desk => {
  const base = seat.baseUrl.replace(/\/+$/, '')
  const open: Desk['open'] = (path, { method, token = seat.me.token, body, headers }, signal) =>
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
  const ask: Desk['ask'] = async (path, request = {}) => {
    const reply = await open(path, request, AbortSignal.timeout(TIMEOUT_MS))
    const isStream = (reply.headers.get('content-type') ?? '').startsWith('text/event-stream')
    if (isStream) await reply.body?.cancel()
    return { status: reply.status, body: isStream ? undefined : bodyOf(await reply.text()) }
  }
  const { patienceMs = PATIENCE_MS } = seat
  return { ...seat, patienceMs, baseUrl: base, ask, open, run: randomUUID().slice(0, 8), found: { features: null } }
}
