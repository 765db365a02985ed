import type { Env } from '@/lib/core/env'

const TIMEOUT_MS = 30_000

const shown = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** A single question to the backend in an agent's name, for commands that a scheduler runs. */
export const callAsAgent = async (settings: Env, token: string, path: string, body: object): Promise<string> => {
  const reply = await fetch(`${settings.BACKEND_URL.replace(/\/+$/, '')}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-agent-token': token },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const text = await reply.text()
  if (!reply.ok) throw new Error(`The backend answered ${reply.status}: ${text.slice(0, 500)}`)
  return shown(text)
}
