import { z } from 'zod'
import { freshLogin } from '../login/access-token'
import { safeUrl } from '../login/public-client'

const TIMEOUT_MS = 15_000

const Refusal = z.object({ error: z.string(), code: z.string() })

const refusalOf = (status: number, body: unknown): Error => {
  const told = Refusal.safeParse(body)
  return new Error(told.success ? `${told.data.error} (${told.data.code})` : `The server answered ${status}.`)
}

type Call = { server: string | undefined; path: string; query?: Record<string, string>; body?: object }

/** One call of the operators' API, as the person who has signed in. */
export const opsCall = async <S extends z.ZodType>(
  { server, path, query = {}, body }: Call,
  reply: S,
): Promise<z.output<S>> => {
  const login = await freshLogin()
  const { origin } = safeUrl(server ?? login.server, 'The server')
  const url = new URL(`/ops/api${path}`, origin)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  const answer = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${login.access_token}`,
      'x-clasper-aliases': 'off',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const told: unknown = await answer.json().catch(() => null)
  if (!answer.ok) throw refusalOf(answer.status, told)
  const known = reply.safeParse(told)
  if (known.success) return known.data
  throw new Error('The server answered something that this command does not know.')
}
