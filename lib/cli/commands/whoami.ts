import { z } from 'zod'
import { type Command, DONE, FAILED } from '../command'
import { parseFlags } from '../flags'

const TIMEOUT_MS = 15_000

const Answer = z.object({
  user: z.object({ id: z.string(), name: z.string().nullable(), role: z.string().nullable(), tenant_id: z.string() }),
})
const Refusal = z.object({ error: z.string(), code: z.string() })

const refusalOf = (status: number, body: unknown): string => {
  const told = Refusal.safeParse(body)
  return told.success ? `${told.data.error} (${told.data.code})` : `The server answered ${status}.`
}

export const whoami: Command = {
  name: 'whoami',
  usage: 'clasper whoami [--server <url>] [--json]',
  summary: 'who the server takes you for',
  run: async (args, { out, err }) => {
    const { flags } = parseFlags(args, { server: 'string', json: 'boolean' })
    const { freshLogin } = await import('../login/access-token')
    const { safeUrl } = await import('../login/public-client')
    const login = await freshLogin()
    const { origin } = safeUrl(flags.server ?? login.server, 'The server')
    const reply = await fetch(`${origin}/ops/api/me`, {
      headers: { authorization: `Bearer ${login.access_token}` },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const body: unknown = await reply.json().catch(() => null)
    const known = Answer.safeParse(body)
    if (!reply.ok || !known.success) {
      err(refusalOf(reply.status, body))
      return FAILED
    }
    const { id, name, role, tenant_id } = known.data.user
    out(flags.json ? JSON.stringify(body) : `${name ?? id} (${id}), ${role ?? 'no role'} of ${tenant_id} at ${origin}`)
    return DONE
  },
}
