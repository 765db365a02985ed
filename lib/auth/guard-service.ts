import { kernel } from '@/lib/core/kernel'
import { daemonKey } from '@/lib/core/local-secrets'
import type { Identity } from '@/lib/core/scope'
import { isProblem, Problem } from '@/lib/shared/problem'
import { auditFailure } from './failures'
import type { GuardVisit } from './guard-visit'
import { verifyTenantToken } from './hmac-token'
import { daemonIdentity, keyIdentity, tenantTokenIdentity } from './identities'
import { noteUse } from './last-used'
import { remembered } from './revocation'
import { hashSecret, isServiceKeyForm, isUsable, keyPrefixOf, sameSecret } from './service-key'
import { findKeyBySecret, type StoredKey } from './store'

export const bearerOf = (request: Request): string | null => {
  const header = request.headers.get('authorization')
  if (header === null) return null
  return /^Bearer +([^\s]+)$/i.exec(header)?.[1] ?? ''
}

type Known = { key: StoredKey; identity: Identity } | null

const lookUp = (text: string): Promise<Known> =>
  remembered(`key:${hashSecret(text)}`, async () => {
    const key = await findKeyBySecret(text)
    return key ? { key, identity: keyIdentity(key) } : null
  })

const refuseKey = async (visit: GuardVisit, text: string, reason: string): Promise<never> => {
  await auditFailure(visit, { method: 'service_key', reason, subject: keyPrefixOf(text) ?? 'malformed' })
  throw new Problem('invalid_daemon_key')
}

const rowIdentity = async (visit: GuardVisit, text: string): Promise<Identity> => {
  const known = (await lookUp(text)) ?? (await refuseKey(visit, text, 'unknown'))
  const now = kernel().clock.now()
  if (!isUsable(known.key, now)) return refuseKey(visit, text, known.key.revokedAt ? 'revoked' : 'expired')
  noteUse(known.key, now)
  return known.identity
}

const isDaemonKey = (text: string): boolean => {
  const expected = daemonKey()
  return expected !== '' && sameSecret(text, expected)
}

const keyHolder = async (visit: GuardVisit, text: string): Promise<Identity> => {
  if (isDaemonKey(text)) return daemonIdentity()
  if (isServiceKeyForm(text)) return rowIdentity(visit, text)
  return refuseKey(visit, text, 'unknown')
}

const tokenHolder = async (visit: GuardVisit, token: string): Promise<Identity> => {
  const { env, clock } = kernel()
  const rules = { secret: env.CLASPER_TENANT_JWT_SECRET, algorithm: env.CLASPER_TENANT_JWT_ALGORITHM }
  try {
    return tenantTokenIdentity(await verifyTenantToken(token, rules, clock))
  } catch (error) {
    await auditFailure(visit, { method: 'tenant_token', reason: 'refused' })
    throw error
  }
}

const basicSecret = (request: Request): string | null => {
  const encoded = /^Basic +([A-Za-z0-9+/_=-]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (encoded === undefined) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  return text.slice(text.indexOf(':') + 1)
}

const INGEST_HEADERS = ['x-clasper-key', 'x-api-key', 'x-agent-daemon-key'] as const

const ingestKey = (request: Request): string | null =>
  bearerOf(request) ||
  basicSecret(request) ||
  INGEST_HEADERS.map((name) => request.headers.get(name)).find(Boolean) ||
  null

// Exporters know one refusal of a credential: 401.
export const ingestIdentity = async (request: Request, visit: GuardVisit): Promise<Identity> => {
  const key = ingestKey(request)
  if (key === null) throw new Problem('missing_credentials', 'A key with the scope ingest is required.')
  try {
    return await keyHolder(visit, key)
  } catch (error) {
    if (isProblem(error) && error.code === 'invalid_daemon_key')
      throw new Problem('missing_credentials', 'The key is unknown, revoked or expired.')
    throw error
  }
}

// X-Agent-Daemon-Key wins over Authorization; a bearer with two dots is a tenant token, anything else a key.
export const serviceIdentity = async (request: Request, visit: GuardVisit): Promise<Identity> => {
  const key = request.headers.get('x-agent-daemon-key')
  if (key !== null && key !== '') return keyHolder(visit, key)
  const bearer = bearerOf(request)
  if (!bearer) throw new Problem('missing_credentials')
  return bearer.split('.').length === 3 ? tokenHolder(visit, bearer) : keyHolder(visit, bearer)
}
