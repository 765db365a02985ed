import { generateKeyPairSync } from 'node:crypto'
import { kernel } from '@/lib/core/kernel'
import { uuidv7 } from '@/lib/shared/id'
import { addSigner, publishSkill } from '@/lib/skills'
import type { Callers } from './callers'
import type { Sample } from './requests'

type Act = (own: Callers) => Promise<Sample>

const fresh = (): string => uuidv7(kernel().clock.now().getTime()).slice(-12)

const newKey = (): string =>
  generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')

const manifestOf = (name: string, more: object = {}): Record<string, unknown> => ({
  ...{ name, version: '1.0.0', description: 'A sample', instructions: 'Say yes.' },
  ...more,
})

const published = async (own: Callers, more: object = {}): Promise<{ name: string; version: string }> => {
  const { skill } = await publishSkill(own.tenant.scope, manifestOf(`act-${fresh()}`, more))
  return { name: skill.name, version: skill.version }
}

const promoted: Act = async (own) => ({
  params: await published(own),
  body: JSON.stringify({ target_state: 'deprecated' }),
})

const tested: Act = async (own) => {
  const { name } = await published(own, { tests: [{ name: 'yes', input: { text: 'x' }, expect: { output: 'yes' } }] })
  return { params: { name }, body: '{}' }
}

const revoked: Act = async ({ tenant }) => {
  const { signer } = await addSigner(tenant.scope, { name: 'act', public_key: newKey() })
  return { params: { id: signer.id }, body: '{}' }
}

export const SKILL_ACTS: Readonly<Record<string, Act>> = {
  'POST /skills/{name}/{version}/promote': promoted,
  'POST /ops/api/skills/{name}/{version}/promote': promoted,
  'POST /skills/registry/{name}/test': tested,
  'POST /ops/api/skills/registry/{name}/test': tested,
  'POST /skills/signers/{id}/revoke': revoked,
  'POST /ops/api/skills/signers/{id}/revoke': revoked,
}
