import { z } from 'zod'
import type { Env } from '@/lib/core/env'
import { daemonKeyOf } from '../daemon-key'

// Where the versions of one workspace are had, by a service key or as the person who has signed in.
export type Door = {
  origin: string
  // Ends where the address of a workspace does.
  base: string
  headers: Readonly<Record<string, string>>
}

export type Where = { server: string | undefined; workspace: string }

const TIMEOUT_MS = 120_000

const NO_CREDENTIAL =
  'There is no key: set AGENT_DAEMON_API_KEY, run this where a server keeps its .clasper folder, or use clasper login.'

const Refusal = z.object({ error: z.string(), code: z.string(), details: z.unknown().optional() })

export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: string
  constructor(text: string, code: string) {
    super(text)
    this.code = code
  }
}

const asPerson = async ({ server, workspace }: Where): Promise<Door> => {
  const { readLogin } = await import('../login/token-file')
  if (readLogin() === null) throw new Error(NO_CREDENTIAL)
  const { freshLogin } = await import('../login/access-token')
  const { safeUrl } = await import('../login/public-client')
  const login = await freshLogin()
  const { origin } = safeUrl(server ?? login.server, 'The server')
  const base = `/ops/api/workspaces/${encodeURIComponent(workspace)}`
  return { origin, base, headers: { authorization: `Bearer ${login.access_token}` } }
}

/** With a service key as a backend does it, else as the person who is signed in. */
export const doorTo = async (settings: Env, cwd: string, where: Where): Promise<Door> => {
  const key = daemonKeyOf(settings, cwd)
  if (key === '') return asPerson(where)
  const origin = (where.server ?? settings.AGENT_DAEMON_URL).replace(/\/+$/, '')
  const base = `/workspace/${encodeURIComponent(where.workspace)}`
  return { origin, base, headers: { 'x-agent-daemon-key': key } }
}

const toldDetails = (details: unknown): string => (details === undefined ? '' : `\n${JSON.stringify(details, null, 2)}`)

const refusalOf = async (answer: Response): Promise<Refused> => {
  const told = Refusal.safeParse(await answer.json().catch(() => null))
  if (!told.success) return new Refused(`The server answered ${answer.status}.`, 'unknown')
  const { error, code, details } = told.data
  return new Refused(`${error} (${code})${toldDetails(details)}`, code)
}

export type Call = {
  path: string
  query?: Readonly<Record<string, string>>
  body?: Uint8Array
  type?: string
  method?: 'DELETE'
}

/** What the server answers; a refusal is an error that says why. */
export const knock = async (door: Door, { path, query = {}, body, type, method }: Call): Promise<Response> => {
  const url = new URL(`${door.origin}${door.base}${path}`)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  const sent = body === undefined ? { method: method ?? 'GET' } : { method: 'POST', body: new Uint8Array(body) }
  const answer = await fetch(url, {
    ...sent,
    headers: { ...door.headers, 'x-clasper-aliases': 'off', ...(type === undefined ? {} : { 'content-type': type }) },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'TimeoutError') throw new Error('The server did not answer in time.')
    throw new Error(`No server answers at ${door.origin}. Does it run? AGENT_DAEMON_URL says where.`)
  })
  if (!answer.ok) throw await refusalOf(answer)
  return answer
}

export const ask = async <S extends z.ZodType>(door: Door, call: Call, reply: S): Promise<z.output<S>> => {
  const known = reply.safeParse(await (await knock(door, call)).json().catch(() => null))
  if (known.success) return known.data
  throw new Error('The server answered something that this command does not know.')
}
