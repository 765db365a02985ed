import { expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { recordRun } from '@/lib/core/testing/recorded-run'
import { one } from '@/lib/core/testing/retention-passes'
import { savedVersion } from '@/lib/core/testing/versions'
import { setPolicy } from '@/lib/retention'
import { getVersion, saveVersion, setCanary, setPin, versionContents } from '..'

const DAY = 86_400_000
const NOON = new Date('2026-03-01T12:00:00Z')
const clock = fixedClock(NOON)

describeEachDialect('versions that grow old', (dialect) => {
  useKernel(dialect, { clock })

  const asMet = (tenantId: string, hashes: readonly string[]) =>
    systemWrite(({ client }) =>
      client.workspaceVersion.updateMany({ where: { tenantId, hash: { in: [...hashes] } }, data: { source: 'run' } }),
    )

  it('go with the runs that met them; whatever somebody saved, pinned or pins again stays, with its files', async () => {
    clock.set(NOON)
    const { id, scope } = await newTenant()
    await setPolicy(scope, { retention_days: 10 })
    const names = ['pushed', 'forgotten', 'ran', 'pinned', 'canary', 'unpinned', 'latest'] as const
    const hashes: Record<string, string> = {}
    for (const name of names) hashes[name] = await savedVersion(scope, 'w', { 'SOUL.md': `soul ${name}` })
    const of = (name: (typeof names)[number]): string => hashes[name] ?? ''
    await asMet(
      id,
      names.filter((name) => name !== 'pushed').map((name) => of(name)),
    )
    await setPin(scope, { workspace_id: 'w', version_hash: of('unpinned') })
    await setPin(scope, { workspace_id: 'w', version_hash: of('pinned') })
    await setCanary(scope, 'w', { version_hash: of('canary'), percent: 5 })
    clock.advance(20 * DAY)
    await recordRun(scope, { workspaceHash: of('ran') })
    await one({ scope } as never)
    clock.advance(7_200_000)
    await one({ scope } as never)
    const left = await systemDb().workspaceVersion.findMany({ where: { tenantId: id } })
    expect(left.map(({ hash }) => names.find((name) => of(name) === hash)).sort()).toEqual(
      names.filter((name) => name !== 'forgotten').sort(),
    )
    const kept = await systemDb().bundleSnapshot.findMany({ where: { tenantId: id } })
    expect(new Set(kept.map(({ hash }) => hash))).toEqual(new Set(left.map(({ hash }) => hash)))
    for (const { hash } of left)
      for await (const { bytes } of versionContents(scope, 'w', hash)) expect(bytes.toString()).toMatch(/^soul /)
  })

  it('keep their files where another workspace still has them', async () => {
    clock.set(NOON)
    const { id, scope } = await newTenant()
    await setPolicy(scope, { retention_days: 10 })
    const hash = await savedVersion(scope, 'a', { 'SOUL.md': 'both' })
    await asMet(id, [hash])
    await savedVersion(scope, 'a', { 'SOUL.md': 'next' })
    await savedVersion(scope, 'b', { 'SOUL.md': 'both' })
    clock.advance(20 * DAY)
    await one({ scope } as never)
    clock.advance(7_200_000)
    await one({ scope } as never)
    const where = { tenantId: id, hash }
    expect((await systemDb().workspaceVersion.findMany({ where })).map(({ workspaceId }) => workspaceId)).toEqual(['b'])
    expect(await systemDb().bundleSnapshot.count({ where })).toBe(1)
  })

  it('stay once somebody saves what until then only runs had met', async () => {
    clock.set(NOON)
    const tenant = await newTenant()
    const { id, scope } = tenant
    await setPolicy(scope, { retention_days: 10 })
    const hash = await savedVersion(scope, 'w', { 'SOUL.md': 'met' })
    await asMet(id, [hash])
    const files = [{ path: 'SOUL.md', bytes: Buffer.from('met') }]
    const push = () => saveVersion(scope, { workspaceId: 'w', files, source: 'push', message: 'To keep' })
    expect(await push()).toMatchObject({ hash, isNew: false })
    const audits = (await tenant.audits()).length
    await push()
    expect((await tenant.audits()).length).toBe(audits)
    expect((await getVersion(scope, 'w', hash)).version).toMatchObject({ source: 'push', message: 'To keep' })
    await savedVersion(scope, 'w', { 'SOUL.md': 'next' })
    clock.advance(20 * DAY)
    await one({ scope } as never)
    clock.advance(7_200_000)
    await one({ scope } as never)
    expect((await getVersion(scope, 'w', hash)).version.full_hash).toBe(hash)
  })
})
