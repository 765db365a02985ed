import type { Env } from '@/lib/core/env'
import { UsageError } from '../command'
import { daemonKeyOf } from '../daemon-key'

export type Wish = {
  message: string
  role: string
  user: string | undefined
  workspace: string | undefined
  task: string | undefined
  model: string | undefined
}

export type Target = { url: string; headers: Record<string, string>; body: object }

const NO_CREDENTIAL =
  'There is no key: set AGENT_DAEMON_API_KEY, run this where a server keeps its .clasper folder, or use clasper login.'

const optional = (given: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))

const asBackend = (settings: Env, key: string, wish: Wish): Target => {
  const user = wish.user ?? (settings.USER_ID || 'developer')
  if (user.includes(':')) throw new UsageError('--user may not contain a colon')
  return {
    url: `${settings.AGENT_DAEMON_URL.replace(/\/+$/, '')}/api/agents/stream`,
    headers: { 'x-agent-daemon-key': key },
    body: {
      user_id: user,
      session_key: `user:${user}:${wish.role}`,
      message: wish.message,
      metadata: { type: 'cli', ...optional({ workspace_id: wish.workspace }) },
      ...optional({ task_title: wish.task, model: wish.model }),
    },
  }
}

const asPerson = async (wish: Wish): Promise<Target> => {
  const { readLogin } = await import('../login/token-file')
  if (readLogin() === null) throw new Error(NO_CREDENTIAL)
  if (wish.user !== undefined)
    throw new UsageError('--user needs a service key; a login runs as the person who signed in')
  const { freshLogin } = await import('../login/access-token')
  const { safeUrl } = await import('../login/public-client')
  const login = await freshLogin()
  return {
    url: `${safeUrl(login.server, 'The server').origin}/ops/api/agents/stream`,
    headers: { authorization: `Bearer ${login.access_token}` },
    body: {
      message: wish.message,
      role: wish.role,
      ...optional({ workspace_id: wish.workspace, task_title: wish.task, model: wish.model }),
    },
  }
}

/** With a service key as a backend does it, else as the person who is signed in. */
export const targetOf = async (settings: Env, cwd: string, wish: Wish): Promise<Target> => {
  const key = daemonKeyOf(settings, cwd)
  return key === '' ? asPerson(wish) : asBackend(settings, key, wish)
}
