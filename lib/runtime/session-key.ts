import { Problem } from '@/lib/shared/problem'

export type SessionKey = { userId: string; role: string; rest: readonly string[] }

const ROLE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/

// user:{userId}:{role}; what follows is kept with the trace and means nothing here.
export const parseSessionKey = (text: string): SessionKey => {
  const [kind, userId = '', role = '', ...rest] = text.split(':')
  if (kind !== 'user' || userId.trim() === '' || !ROLE.test(role)) throw new Problem('invalid_session_key')
  return { userId, role, rest }
}
