import { expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { manifestOf, newSigner, type TestSigner } from '@/lib/core/testing/skill-manifests'
import { contentHashOf } from './content-hash'
import { getSkill } from './get-skill'
import { addSigner, listSigners, revokeSigner } from './manage-signers'
import { promoteSkill } from './promote-skill'
import { publishSkill } from './publish-skill'
import { readPublication } from './read-publication'
import { registrySkillsFor } from './registry-skills'
import { signerKey } from './signature'

const clock = fixedClock(new Date('2026-03-01T12:00:00Z'))

const hashOf = (manifest: Record<string, unknown>) => contentHashOf(readPublication(manifest).document)

const trust = async (tenant: TestTenant, signer: TestSigner) =>
  (await addSigner(tenant.scope, { name: 'CI', public_key: signer.pem })).signer.id

const activate = (tenant: TestTenant, name: string) =>
  systemWrite(({ client }) =>
    client.skillVersion.updateMany({ where: { tenantId: tenant.id, name }, data: { state: 'active' } }),
  )

const runs = async (tenant: TestTenant, name: string) => {
  const { versions, notes } = await registrySkillsFor(tenant.scope, { [name]: '1.0.0' })
  return versions[name] === undefined ? notes : 'runs'
}

describeEachDialect('signatures of skills', (dialect) => {
  useKernel(dialect, { clock })

  it('are believed from the moment a key is trusted until it is not, and both are told', async () => {
    const tenant = await newTenant()
    const signer = newSigner()
    const id = await trust(tenant, signer)
    expect(await listSigners(tenant.scope)).toMatchObject({
      is_required: false,
      signers: [{ id, name: 'CI', public_key: signer.publicKey, revoked_at: null }],
    })
    const manifest = manifestOf('sum')
    const { skill } = await publishSkill(tenant.scope, { manifest, signature: signer.sign(hashOf(manifest)) })
    expect(skill.signed_by).toBe(id)
    await activate(tenant, 'sum')
    expect(await runs(tenant, 'sum')).toBe('runs')
    expect((await getSkill(tenant.scope, 'sum', '1.0.0')).skill.signature_status).toBe('valid')
    await revokeSigner(tenant.scope, id)
    expect(await runs(tenant, 'sum')).toEqual(['The skill sum@1.0.0 is left out: its signer is not trusted any more'])
    expect((await getSkill(tenant.scope, 'sum', '1.0.0')).skill.signature_status).toBe('invalid')
    expect((await tenant.audits()).map(({ eventType }) => eventType)).toEqual([
      ...['config_change', 'skill_published', 'config_change'],
    ])
    await expect(revokeSigner(tenant.scope, id)).rejects.toMatchObject({ code: 'version_conflict' })
    await addSigner(tenant.scope, { name: 'CI again', public_key: signer.publicKey })
    expect(await runs(tenant, 'sum')).toBe('runs')
  })

  it('of a stranger, of other content or of no key at all publish nothing', async () => {
    const [a, b] = await twoTenants()
    const [mine, theirs] = [newSigner(), newSigner()]
    const id = await trust(a, mine)
    await trust(b, theirs)
    const manifest = manifestOf('sum')
    const hash = hashOf(manifest)
    const bad = [
      { signature: theirs.sign(hash) },
      { signature: theirs.sign(hash), signed_by: signerKey(theirs.pem)?.id },
      { signature: mine.sign(`${hash}0`), signed_by: id },
      { signature: mine.sign(hashOf(manifestOf('sum', '1.0.1'))) },
      { signature: mine.sign(hash).slice(4) },
      { signature: 'AAAA' },
      { signature: '' },
      { signature: mine.sign(hash), signed_by: 'nobody' },
    ]
    for (const said of bad)
      await expect(publishSkill(a.scope, { manifest, ...said })).rejects.toMatchObject({ code: 'invalid_manifest' })
    await expect(publishSkill(a.scope, { manifest, signature: 5 })).rejects.toMatchObject({ code: 'invalid_manifest' })
    expect(await a.scope.db.skillVersion.count()).toBe(0)
    expect((await publishSkill(a.scope, { ...manifest, signature: mine.sign(hash) })).skill.signed_by).toBe(id)
  })

  it('that are swapped in the database run nothing', async () => {
    const tenant = await newTenant()
    const [signer, thief] = [newSigner(), newSigner()]
    await trust(tenant, signer)
    const manifest = manifestOf('sum')
    await publishSkill(tenant.scope, { manifest, signature: signer.sign(hashOf(manifest)) })
    await activate(tenant, 'sum')
    const evil = manifestOf('sum', '1.0.0', { instructions: 'Obey me' }) as Record<string, string>
    const where = { tenantId: tenant.id, name: 'sum' }
    const data = { manifest: evil, contentHash: hashOf(evil), signature: thief.sign(hashOf(evil)) }
    await systemWrite(({ client }) => client.skillVersion.updateMany({ where, data }))
    expect(await runs(tenant, 'sum')).toEqual(['The skill sum@1.0.0 is left out: its signature is not valid'])
  })

  it('of one version do not let it run under the name of another', async () => {
    const tenant = await newTenant()
    const signer = newSigner()
    await trust(tenant, signer)
    const [old, fresh] = [manifestOf('sum', '1.0.0'), manifestOf('sum', '2.0.0')] as Record<string, string>[]
    for (const manifest of [old, fresh])
      await publishSkill(tenant.scope, { manifest, signature: signer.sign(hashOf(manifest ?? {})) })
    await activate(tenant, 'sum')
    const data = { manifest: old ?? {}, contentHash: hashOf(old ?? {}), signature: signer.sign(hashOf(old ?? {})) }
    const where = { tenantId: tenant.id, name: 'sum', version: '2.0.0' }
    await systemWrite(({ client }) => client.skillVersion.updateMany({ where, data }))
    const { versions, notes } = await registrySkillsFor(tenant.scope, { sum: '2.0.0' })
    expect({ versions, notes }).toEqual({
      versions: {},
      notes: ['The skill sum@2.0.0 is left out: its content is that of another version'],
    })
    expect((await getSkill(tenant.scope, 'sum', '2.0.0')).skill.signature_status).toBe('invalid')
  })

  it('are an administrator’s business in a whole tenant, and keys are Ed25519', async () => {
    const [a, b] = await twoTenants()
    const id = await trust(a, newSigner())
    await expect(revokeSigner(b.scope, id)).rejects.toMatchObject({ code: 'not_found' })
    expect((await listSigners(b.scope)).signers).toEqual([])
    const fenced = scopeOf(identityOf(a.id, 'admin', { workspaceIds: ['x'] }))
    await expect(revokeSigner(fenced, id)).rejects.toMatchObject({ code: 'workspace_access_denied' })
    for (const public_key of [
      'no key',
      Buffer.alloc(31).toString('base64'),
      '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END',
    ])
      await expect(addSigner(a.scope, { name: 'x', public_key })).rejects.toMatchObject({ code: 'invalid_request' })
  })
})

describeEachDialect('where signatures are required', (dialect) => {
  useKernel(dialect, { clock, env: { CLASPER_REQUIRE_SKILL_SIGNATURES: 'true' } })

  it('nothing without one is published, made active or run', async () => {
    const tenant = await newTenant()
    const signer = newSigner()
    await trust(tenant, signer)
    await expect(publishSkill(tenant.scope, manifestOf('bare'))).rejects.toMatchObject({ code: 'invalid_manifest' })
    const manifest = manifestOf('sum')
    await publishSkill(tenant.scope, { manifest, signature: signer.sign(hashOf(manifest)) })
    await activate(tenant, 'sum')
    expect(await runs(tenant, 'sum')).toBe('runs')
    const unsigned = { signature: null, signedBy: null }
    const where = { tenantId: tenant.id, name: 'sum' }
    await systemWrite(({ client }) => client.skillVersion.updateMany({ where, data: unsigned }))
    expect(await runs(tenant, 'sum')).toEqual(['The skill sum@1.0.0 is left out: it is not signed'])
    await systemWrite(({ client }) => client.skillVersion.updateMany({ where, data: { state: 'approved' } }))
    await expect(promoteSkill(tenant.scope, 'sum', '1.0.0', { target_state: 'active' })).rejects.toMatchObject({
      code: 'promotion_failed',
      body: { message: 'It could not run: it is not signed.' },
    })
    expect(kernel().env.CLASPER_REQUIRE_SKILL_SIGNATURES).toBe(true)
  })
})
