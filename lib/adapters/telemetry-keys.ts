import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import type { Scope } from '@/lib/core/scope'
import { missing, Problem } from '@/lib/shared/problem'
import { stableJson } from '@/lib/shared/stable-json'
import type { KeyBody } from './contract/adapter'
import { objectIn, presentWithKeys } from './present'
import { createKey, findAdapter, findKey, findKeys, revokeKey } from './store'
import { assertWholeTenant } from './whole-tenant'

type Jwk = Readonly<Record<string, unknown>>

const MEMBERS: Readonly<Record<string, readonly string[]>> = { OKP: ['crv', 'kty', 'x'], EC: ['crv', 'kty', 'x', 'y'] }
const CURVES: Readonly<Record<string, string>> = { ed25519: 'Ed25519', ES256: 'P-256' }

const bare = (jwk: Jwk): Jwk => Object.fromEntries((MEMBERS[String(jwk['kty'])] ?? []).map((name) => [name, jwk[name]]))

/** RFC 7638. */
export const thumbprintOf = (jwk: Jwk): string =>
  createHash('sha256')
    .update(stableJson(bare(jwk)))
    .digest('base64url')

/** The key, or null where it is none. */
export const publicKeyOf = (jwk: unknown): KeyObject | null => {
  const found = objectIn(jwk)
  if (found === null) return null
  try {
    return createPublicKey({ key: bare(found) as Record<string, string>, format: 'jwk' })
  } catch {
    return null
  }
}

const refuse = (field: string, message: string): never => {
  throw new Problem('invalid_request', 'Invalid payload', { formErrors: [], fieldErrors: { [field]: [message] } })
}

const assertKey = ({ key_alg: algorithm, public_jwk: jwk }: KeyBody): void => {
  if (CURVES[algorithm] !== jwk.crv) refuse('public_jwk', `is no key for ${algorithm}`)
  if (publicKeyOf(jwk) === null) refuse('public_jwk', 'is not a valid public key')
}

const adapterIn = async (scope: Scope, id: string) => {
  const row = (await findAdapter(scope.db, id)) ?? missing('adapter', id)
  return { adapter: presentWithKeys(row, await findKeys(scope.db, [id])) }
}

/** The same key twice is one key. A revoked one does not come back. */
export const putTelemetryKey = async (scope: Scope, body: KeyBody) => {
  assertWholeTenant(scope)
  assertKey(body)
  const publicJwk = bare(body.public_jwk)
  const keyId = body.key_id ?? thumbprintOf(publicJwk)
  const { adapter_id: adapterId, key_alg: keyAlg } = body
  const data = { kind: 'adapter_key', act: 'registered', adapter_id: adapterId, key_id: keyId, key_alg: keyAlg }
  await scope.mutate({ event: 'config_change', entityId: adapterId, data }, async (db) => {
    if ((await findAdapter(db, adapterId)) === null) return missing('adapter', adapterId)
    const known = await findKey(db, adapterId, keyId)
    if (known?.revokedAt) throw new Problem('version_conflict', 'The key was revoked: make a new one.')
    if (known && stableJson(known.publicJwk) !== stableJson(publicJwk))
      throw new Problem('version_conflict', 'Another key has this key_id.')
    if (known) return
    const about = { version: body.version ?? null, createdBy: scope.actor, createdAt: scope.clock.now() }
    await createKey(db, { adapterId, keyId, keyAlg, publicJwk: publicJwk as object as never, ...about })
  })
  return adapterIn(scope, adapterId)
}

/** What it signs from now on proves nothing; what was verified before stays so. */
export const revokeTelemetryKey = async (scope: Scope, wish: { adapter_id: string; key_id: string }) => {
  assertWholeTenant(scope)
  const { adapter_id: adapterId, key_id: keyId } = wish
  const data = { kind: 'adapter_key', act: 'revoked', adapter_id: adapterId, key_id: keyId }
  await scope.mutate({ event: 'config_change', entityId: adapterId, data }, async (db) => {
    const known = (await findKey(db, adapterId, keyId)) ?? missing('key', keyId)
    if (known.revokedAt === null) await revokeKey(db, known, scope.actor, scope.clock.now())
  })
  return adapterIn(scope, adapterId)
}
