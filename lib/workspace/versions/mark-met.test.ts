import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { listVersions, loadBundle, markMet, saveVersion, versionContents } from '..'

describeEachDialect('a run that meets changed files', (dialect) => {
  const house = useAgentHouse(dialect)
  beforeEach(() => house.provider.reset())

  const write = (path: string, text: string | Buffer) => {
    const full = join(house.workspace, path)
    mkdirSync(dirname(full), { recursive: true })
    writeFileSync(full, text)
  }
  const scopeFor = (id: string) => scopeOf(identityOf(id))
  const versionsOf = async (id: string) =>
    (await listVersions(scopeFor(id), 'default', { limit: 50, offset: 0 })).versions
  const changes = async (id: string) =>
    systemDb().auditEntry.findMany({ where: { tenantId: id, eventType: 'workspace_change' } })

  it('makes the version that they are, once, with every file byte by byte', async () => {
    write('assets/logo.png', Buffer.from([0x89, 0, 1, 2, 255]))
    write('notes/marked.md', '\ufeffmarked\r\n')
    write('scripts/run.sh', 'echo')
    chmodSync(join(house.workspace, 'scripts/run.sh'), 0o755)
    const tenant = house.tenant()
    const { body } = await tenant.json('send', tenant.say('one'))
    await tenant.json('send', tenant.say('two'))
    const [version, ...more] = await versionsOf(tenant.id)
    expect(more).toEqual([])
    const trace = await tenant.trace(String(body['trace_id']))
    expect(version).toMatchObject({ full_hash: trace['workspace_hash'], source: 'run', parent_hash: null })
    expect(await changes(tenant.id)).toMatchObject([{ entityId: version?.full_hash, workspaceId: 'default' }])
    const kept = new Map<string, { hex: string; isExecutable: boolean }>()
    for await (const { path, bytes, isExecutable } of versionContents(scopeFor(tenant.id), 'default', 'latest'))
      kept.set(path, { hex: bytes.toString('hex'), isExecutable })
    expect(kept.get('assets/logo.png')).toEqual({ hex: '89000102ff', isExecutable: false })
    expect(kept.get('notes/marked.md')?.hex).toBe(Buffer.from('\ufeffmarked\r\n').toString('hex'))
    expect(kept.get('scripts/run.sh')?.isExecutable).toBe(true)
    write('notes/marked.md', 'changed')
    await tenant.json('send', tenant.say('three'))
    expect((await versionsOf(tenant.id)).map(({ parent_hash: parent }) => parent)).toEqual([
      version?.version_hash,
      null,
    ])
  })

  it('finds the version that was pushed', async () => {
    const tenant = house.tenant()
    const scope = scopeFor(tenant.id)
    await tenant.json('send', tenant.say('so that the tenant is known'))
    const other = house.tenant()
    await other.json('send', other.say('one'))
    const files = []
    for await (const { path, bytes } of versionContents(scope, 'default', 'latest')) files.push({ path, bytes })
    const again = await saveVersion(scopeFor(other.id), { workspaceId: 'default', files, source: 'push' })
    expect(again.isNew).toBe(false)
    const made = { id: other.id, name: 'other', createdAt: new Date('2026-01-01') }
    const copy = { workspaceId: 'copy', files, source: 'push' } as const
    await expect(saveVersion(scopeFor(other.id), copy)).rejects.toMatchObject({ code: 'not_found' })
    await systemWrite(({ client }) => client.tenant.create({ data: made }))
    const elsewhere = await saveVersion(scopeFor(other.id), copy)
    expect(elsewhere).toMatchObject({ isNew: true, hash: again.hash })
  })

  it('asks nothing of the database once it knows', async () => {
    const tenant = house.tenant()
    await tenant.json('send', tenant.say('one'))
    const bundle = await loadBundle(scopeFor(tenant.id))
    expect(markMet(scopeFor(tenant.id), bundle)).toBeNull()
  })

  it('makes none of a folder whose rules cannot all be read: a version would permit more', async () => {
    write('policies/x.yaml', '[]')
    symlinkSync('/etc/hostname', join(house.workspace, 'policies/away.yaml'))
    const tenant = house.tenant()
    const scope = scopeFor(tenant.id)
    const bundle = await loadBundle(scope)
    expect(bundle.policies.faults.join()).toContain('away.yaml')
    const writes = (await markMet(scope, bundle))?.writes ?? []
    await systemDb().tenant.count()
    expect(writes.map(({ statement }) => statement.name)).not.toContain('workspace.met-versions')
    rmSync(join(house.workspace, 'policies'), { recursive: true })
  })
})
