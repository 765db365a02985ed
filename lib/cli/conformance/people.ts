import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Env } from '@/lib/core/env'
import { UsageError } from '../command'
import { agentTokens } from '../settings'
import type { Claims, Desk, Person } from './desk'
import { claimsOf } from './forged-tokens'

const text = (value: unknown, otherwise: string) => (typeof value === 'string' && value !== '' ? value : otherwise)

const bearerOf = (token: string): Person => {
  const claims = claimsOf(token)
  return { token, userId: text(claims['user_id'], 'conformance'), tenantId: text(claims['tenant_id'], 'default') }
}

// By hand, because the product itself signs no token that a backend must refuse.
const signerFor =
  ({ AGENT_JWT_SECRET: secret, AGENT_JWT_ALGORITHM: alg }: Env, me: Person) =>
  (changes: Claims): Promise<string> =>
    new SignJWT({ ...claimsOf(me.token), ...changes })
      .setProtectedHeader({ alg, typ: 'JWT' })
      .sign(new TextEncoder().encode(secret))

// One token is one person. Who knows the secret makes as many people as the checks need, in a tenant of the run.
export const peopleFor = async (settings: Env, token: string): Promise<Pick<Desk, 'me' | 'another' | 'sign'>> => {
  if (settings.AGENT_JWT_SECRET === '') {
    if (token === '')
      throw new UsageError('Set AGENT_JWT_SECRET (the secret that the backend knows), or AGENT_TOKEN, or give --token.')
    return { me: bearerOf(token), another: null, sign: null }
  }
  const mint = await agentTokens(settings)
  const person = async ({ tenantId, userId }: { tenantId: string; userId: string }): Promise<Person> => ({
    tenantId,
    userId,
    token: await mint({ tenantId, userId, agentRole: 'conformance' }),
  })
  const newName = () => `conformance-${randomUUID().slice(0, 8)}`
  const me = token === '' ? await person({ tenantId: 'default', userId: newName() }) : bearerOf(token)
  const another: Desk['another'] = (place = {}) =>
    person({ tenantId: place.tenantId ?? me.tenantId, userId: place.userId ?? newName() })
  return { me, another, sign: signerFor(settings, me) }
}
