import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import type Provider from 'oidc-provider'
import { systemClock } from '@/lib/core/clock'
import type { Storage } from './memory-adapter'
import { claimsOf, type Person } from './people'

export type SignOptions = { typ?: string; kid?: string; expiresIn?: number; issuedAt?: number }

export type IdentityState = {
  issuer: string
  audience: string
  people: Person[]
  keys: JWK[]
  storage: Storage
  provider: Provider | undefined
  visits: Map<string, number>
}

export const newSigningKey = async (): Promise<JWK> => {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { ...(await exportJWK(privateKey)), kid: randomUUID(), use: 'sig', alg: 'RS256' }
}

const nowSeconds = () => Math.floor(systemClock.now().getTime() / 1000)

const notify = async (client: object, person: string, sid: string) => {
  const send: unknown = Reflect.get(client, 'backchannelLogout')
  if (typeof send === 'function') await Reflect.apply(send, client, [person, sid])
}

const endSessions = async (state: IdentityState, id: string) => {
  for (const [key, session] of state.storage) {
    if (!key.startsWith('Session:') || session.accountId !== id) continue
    for (const [clientId, { sid }] of Object.entries(session.authorizations ?? {})) {
      const client = await state.provider?.Client.find(clientId)
      if (client?.backchannelLogoutUri && sid) await notify(client, id, sid)
    }
    state.storage.delete(key)
  }
}

const revokeTokens = (state: IdentityState, id: string) => {
  for (const [key, payload] of state.storage) {
    if (key.startsWith('RefreshToken:') && payload.accountId === id) state.storage.delete(key)
  }
}

const sign = async (state: IdentityState, claims: Record<string, unknown>, options: SignOptions = {}) => {
  const key = state.keys[0]
  if (!key) throw new Error('no signing key')
  const iat = options.issuedAt ?? nowSeconds()
  return new SignJWT({ iss: state.issuer, iat, exp: iat + (options.expiresIn ?? 300), jti: randomUUID(), ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: options.kid ?? key.kid ?? '', typ: options.typ ?? 'at+jwt' })
    .sign(await importJWK(key, 'RS256'))
}

const bearer = (state: IdentityState, id: string, claims: Record<string, unknown> = {}, options: SignOptions = {}) => {
  const person = state.people.find((candidate) => candidate.id === id)
  return sign(state, { sub: id, aud: state.audience, ...(person ? claimsOf(person) : {}), ...claims }, options)
}

// What a test or a drill may do to the provider besides signing in at it.
export const controlsOf = (state: IdentityState) => ({
  people: (): readonly Person[] => state.people,
  change: (id: string, change: Partial<Person>) => {
    state.people = state.people.map((person) => (person.id === id ? { ...person, ...change } : person))
  },
  remove: (id: string) => {
    state.people = state.people.filter((person) => person.id !== id)
  },
  sign: (claims: Record<string, unknown>, options?: SignOptions) => sign(state, claims, options),
  bearer: (id: string, claims?: Record<string, unknown>, options?: SignOptions) => bearer(state, id, claims, options),
  endSessions: (id: string) => endSessions(state, id),
  revokeTokens: (id: string) => revokeTokens(state, id),
  requests: (path: string): number => state.visits.get(path) ?? 0,
})
