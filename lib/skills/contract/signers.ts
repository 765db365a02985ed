import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { Timestamp } from '@/lib/shared/time'
import { Tenant } from './words'

const tag = 'skills'

export const SkillSigner = z.object({
  id: z.string().meta({ description: 'Key id: the first 16 hex digits of the SHA-256 of the key' }),
  name: z.string(),
  public_key: z.string().meta({ description: 'The 32 bytes of an Ed25519 key, in base64' }),
  added_by: z.string(),
  added_at: Timestamp,
  revoked_at: Timestamp.nullable(),
})

export const listSigners = contract({
  method: 'GET',
  path: '/skills/signers',
  summary: 'Whose signatures on skills are believed',
  guard: service('read'),
  tag,
  query: Tenant,
  reply: z.object({ signers: z.array(SkillSigner), is_required: z.boolean() }),
  camel: true,
})
export const opsListSigners = contract({ ...listSigners, path: '/ops/api/skills/signers', guard: ops('skill:view') })

const Done = z.object({ status: z.literal('ok'), signer: SkillSigner })

export const addSigner = contract({
  method: 'POST',
  path: '/skills/signers',
  summary: 'Believe the signatures of an Ed25519 key from now on',
  guard: service('admin'),
  tag,
  body: Tenant.extend({
    name: z.string().trim().min(1).max(200),
    public_key: z.string().min(1).max(1_000).meta({ description: 'PEM, or the 32 bytes in base64' }),
  }),
  reply: Done,
  status: 201,
  camel: true,
})
export const opsAddSigner = contract({ ...addSigner, path: '/ops/api/skills/signers', guard: ops('skill:promote') })

export const revokeSigner = contract({
  method: 'POST',
  path: '/skills/signers/{id}/revoke',
  summary: 'Stop believing a key: versions that it signed do not run any more',
  guard: service('admin'),
  tag,
  params: z.object({ id: z.string().min(1).max(64) }),
  body: Tenant,
  reply: Done,
  camel: true,
})
export const opsRevokeSigner = contract({
  ...revokeSigner,
  path: '/ops/api/skills/signers/{id}/revoke',
  guard: ops('skill:promote'),
})
