import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { missing, Problem } from '@/lib/shared/problem'
import { toWire, toWireOrNull } from '@/lib/shared/time'
import { signerKey } from './signature'
import { findSigner, findSigners, putSigner, type SignerRow, setRevoked } from './store'
import { requireWholeTenant } from './whole-tenant'

const KIND = 'skill_signer'

const presentSigner = (row: SignerRow) => ({
  id: row.id,
  name: row.name,
  public_key: row.publicKey,
  added_by: row.addedBy,
  added_at: toWire(row.addedAt),
  revoked_at: toWireOrNull(row.revokedAt),
})

export const listSigners = async (scope: Scope) => ({
  signers: (await findSigners(scope.db)).map(presentSigner),
  is_required: kernel().env.CLASPER_REQUIRE_SKILL_SIGNATURES,
})

const keyIn = (text: string) => {
  const key = signerKey(text)
  if (key) return key
  throw new Problem('invalid_request', 'Invalid payload', {
    formErrors: [],
    fieldErrors: { public_key: ['must be an Ed25519 public key, in PEM or as 32 bytes in base64'] },
  })
}

// The name that an audit row knows: a key that was revoked may be trusted again, and both are told.
export const addSigner = async (scope: Scope, wanted: { name: string; public_key: string }) => {
  requireWholeTenant(scope)
  const { id, publicKey } = keyIn(wanted.public_key)
  const data = { kind: KIND, action: 'added', signer_id: id, name: wanted.name }
  const row = await scope.mutate({ event: 'config_change', entityId: id, data }, async (db) => {
    const known = await findSigner(db, id)
    if (known && known.revokedAt === null)
      throw new Problem('version_conflict', 'This key is trusted already.', { signer_id: id })
    return putSigner(db, {
      ...{ id, publicKey, name: wanted.name },
      ...{ addedBy: scope.actor, addedAt: scope.clock.now(), revokedAt: null },
    })
  })
  return { status: 'ok' as const, signer: presentSigner(row) }
}

export const revokeSigner = async (scope: Scope, id: string) => {
  requireWholeTenant(scope)
  const data = { kind: KIND, action: 'revoked', signer_id: id }
  const row = await scope.mutate({ event: 'config_change', entityId: id, data }, async (db) => {
    const known = await findSigner(db, id)
    if (known === null) return missing('signer', id)
    if (known.revokedAt !== null) throw new Problem('version_conflict', 'This key is not trusted any more already.')
    return setRevoked(db, id, scope.clock.now())
  })
  return { status: 'ok' as const, signer: presentSigner(row) }
}
