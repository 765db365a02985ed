import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { dateOf } from '@/lib/core/clock'
import { systemDb } from '@/lib/core/system-db'
import { type AgentHouse, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { composePrompt } from './compose-prompt'
import { loadBundle } from './load-bundle'
import { findSnapshot, loadSnapshot, snapshotFiles } from './load-snapshot'
import { snapshotOf } from './snapshot'

const at = dateOf('2026-03-04T05:06:07.000Z')

describeEachDialect('the files that a run was given', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)
  beforeEach(() => house.provider.reset())

  const write = (path: string, text: string | Buffer) => {
    const full = join(house.workspace, path)
    mkdirSync(dirname(full), { recursive: true })
    writeFileSync(full, text)
  }
  const rows = (tenantId: string) => systemDb().bundleSnapshot.findMany({ where: { tenantId } })
  const asked = (hash: string) => ({ hash, workspaceId: 'default', isBootComplete: true, skills: undefined })

  it('are kept with the first run of a version, and make the same prompt without the folder', async () => {
    write('memory/2026-03-04.md', 'Today we shipped \u{1f4e6}.')
    write(
      '.agents/skills/parcels/SKILL.md',
      '---\nname: parcels\ndescription: Finds parcels\n---\n\nLook for {baseDir}.',
    )
    write('.agents/skills/parcels/references/rules.md', '\ufeffRule one.')
    write('.agents/skills/parcels/picture.png', Buffer.from([0, 1, 2, 255]))
    const tenant = house.tenant()
    const { body } = await tenant.json('send', tenant.say('hello'))
    const trace = await tenant.trace(String(body['trace_id']))
    const hash = String(trace['workspace_hash'])
    expect(await rows(tenant.id)).toMatchObject([{ hash, workspaceId: 'default' }])

    const scope = scopeOf(identityOf(tenant.id))
    const loose = { ...(await loadBundle(scope)), isBootComplete: true }
    expect(loose.hash).toBe(hash)
    const kept = await loadSnapshot(scope, asked(hash))
    if (kept === null) throw new Error('not kept')
    for (const input of [
      { role: 'agent', isHeartbeat: true },
      { role: 'support', isHeartbeat: false },
    ]) {
      const full = { ...input, message: 'where is my parcel', at, timezone: 'Asia/Tokyo' }
      const [a, b] = [await composePrompt(scope, loose, full), await composePrompt(scope, kept, full)]
      expect(b).toEqual(a)
      expect(a.system).toContain('Today we shipped')
    }
    expect(kept.skills).toEqual(loose.skills)
    expect(kept.toolGrants).toEqual(loose.toolGrants)
    expect(await kept.folder.skillFiles.read('parcels/references/rules.md')).toEqual({ text: 'Rule one.' })
    const files = await snapshotFiles(scope, hash)
    expect(files.map(({ path }) => path).sort()).toEqual(loose.folder.paths)
    expect(files.find(({ path }) => path.endsWith('.png'))).toMatchObject({ text: null, size: 4 })
    rmSync(join(house.workspace, '.agents'), { recursive: true })
    rmSync(join(house.workspace, 'memory/2026-03-04.md'))
  })

  it('cost nothing for a version that is kept, and are kept anew for another one', async () => {
    const tenant = house.tenant()
    await tenant.json('send', tenant.say('one'))
    const scope = scopeOf(identityOf(tenant.id))
    expect(snapshotOf(scope, await loadBundle(scope))).toBeNull()
    await tenant.json('send', tenant.say('two'))
    expect(await rows(tenant.id)).toHaveLength(1)
    const bodies = await systemDb().body.count({ where: { tenantId: tenant.id } })
    write('USER.md', `Likes tea ${tenant.id}.`)
    await tenant.json('send', tenant.say('three'))
    expect(await rows(tenant.id)).toHaveLength(2)
    const added = (await systemDb().body.count({ where: { tenantId: tenant.id } })) - bodies
    expect(added).toBeLessThanOrEqual(2)
    rmSync(join(house.workspace, 'USER.md'))
  })

  it('are remembered only after their commit, and found by another process', async () => {
    const tenant = house.tenant()
    const scope = scopeOf(identityOf(tenant.id))
    const bundle = await loadBundle(scope)
    const first = await snapshotOf(scope, bundle)
    expect(first).not.toBeNull()
    const again = await snapshotOf(scope, bundle)
    expect(again?.writes.length).toBe(first?.writes.length)
    for (const writes of [first?.writes ?? [], again?.writes ?? []]) await scope.command({ audit: [], writes })
    expect(await snapshotOf(scope, bundle)).toBeNull()
    expect(await findSnapshot(scope, bundle.hash.slice(0, 16).toUpperCase())).toMatchObject({ hash: bundle.hash })
  })

  it('belong to one tenant', async () => {
    const [mine, theirs] = [house.tenant(), house.tenant()]
    const { body } = await mine.json('send', mine.say('hello'))
    const hash = String((await mine.trace(String(body['trace_id'])))['workspace_hash'])
    const foreign = scopeOf(identityOf(theirs.id))
    expect(await findSnapshot(foreign, hash)).toBeNull()
    expect(await loadSnapshot(foreign, asked(hash))).toBeNull()
    expect(await snapshotFiles(foreign, hash)).toEqual([])
    expect(await loadSnapshot(scopeOf(identityOf(mine.id)), asked(hash))).not.toBeNull()
    expect(await loadSnapshot(foreign, asked(hash))).toBeNull()
  })

  describe('too large for one commit', () => {
    it('go piece by piece', async () => {
      const { randomBytes } = await import('node:crypto')
      for (const day of ['01', '02', '03']) write(`memory/2026-02-${day}.md`, randomBytes(450_000).toString('base64'))
      const tenant = house.tenant()
      const { status } = await tenant.json('send', tenant.say('hello'))
      expect(status).toBe(200)
      const scope = scopeOf(identityOf(tenant.id))
      const { hash } = await loadBundle(scope)
      const files = await snapshotFiles(scope, hash)
      expect(files.filter(({ path }) => path.startsWith('memory/')).map(({ text }) => text?.length)).toEqual([
        600_000, 600_000, 600_000,
      ])
      for (const day of ['01', '02', '03']) rmSync(join(house.workspace, `memory/2026-02-${day}.md`))
    })
  })
})
