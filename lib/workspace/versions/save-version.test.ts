import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import {
  diffVersions,
  getVersion,
  impactOf,
  latestVersion,
  listVersions,
  loadSnapshot,
  requireVersion,
  saveVersion,
  versionContents,
  versionFiles,
} from '..'
import type { NewVersion } from './save-version'

const NOON = new Date('2026-03-01T12:00:00Z')
const clock = fixedClock(NOON)
const sha = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')

const files = (texts: Readonly<Record<string, string | Buffer>>) =>
  Object.entries(texts).map(([path, text]) => ({ path, bytes: Buffer.from(text) }))

const ODD = {
  'AGENTS.md': '\ufeffrules with a mark\r\nand ends of lines\r\n',
  'SOUL.md': Buffer.from([0x61, 0x00, 0xff, 0x62]),
  'picture.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]),
  'empty.md': '',
  'notes/null.txt': 'a\0b',
  'skills/a/SKILL.md': '---\nname: a\ndescription: d\n---\nDo it.',
  'skills/a/assets/logo.bin': Buffer.from([0, 255, 0, 255]),
  'evals/cases.jsonl': '{"input":"x"}\n',
}

describeEachDialect('versions of a workspace', (dialect) => {
  useKernel(dialect, { clock })

  const save = (
    scope: Parameters<typeof saveVersion>[0],
    texts: Record<string, string | Buffer>,
    over: Partial<NewVersion> = {},
  ) => saveVersion(scope, { workspaceId: 'support', source: 'push', files: files(texts), ...over })

  const hashesOf = async (scope: Parameters<typeof saveVersion>[0], workspaceId = 'support') =>
    (await listVersions(scope, workspaceId, { limit: 50, offset: 0 })).versions.map(({ full_hash: hash }) => hash)

  it('are kept byte by byte, under the hash of their lines', async () => {
    const { scope } = await newTenant()
    const { hash, isNew } = await save(scope, ODD)
    const lines = Object.entries(ODD)
      .map(([path, text]) => `${path}:${sha(text)}`)
      .sort()
    expect({ hash, isNew }).toEqual({ hash: sha(lines.join('\n')), isNew: true })
    const found: Record<string, Buffer> = {}
    for await (const { path, bytes } of versionContents(scope, 'support', hash)) found[path] = bytes
    expect(Object.keys(found).sort()).toEqual(Object.keys(ODD).sort())
    for (const [path, text] of Object.entries(ODD)) expect(found[path]?.equals(Buffer.from(text))).toBe(true)
    const about = await versionFiles(scope, 'support', hash)
    for (const { path, hash: own } of about) expect(own).toBe(sha(ODD[path as keyof typeof ODD]))
  })

  it('run as the folder would that they came from', async () => {
    const { scope } = await newTenant()
    const { hash } = await save(scope, ODD)
    const bundle = await loadSnapshot(scope, { hash, workspaceId: 'support', isBootComplete: true, skills: undefined })
    expect(bundle?.folder.texts.get('AGENTS.md')).toBe('rules with a mark\r\nand ends of lines\r\n')
    expect(bundle?.folder.texts.get('SOUL.md')).toBe('a\ufffd\ufffdb')
    expect(bundle?.folder.texts.get('evals/cases.jsonl')).toBe('{"input":"x"}\n')
    expect([...(bundle?.folder.texts.keys() ?? [])]).not.toContain('picture.png')
    expect(bundle?.skills.map(({ name }) => name)).toEqual(['a'])
    expect(bundle?.hash).toBe(hash)
  })

  it('have a history: who, why, from what; each with one line in the audit log', async () => {
    const tenant = await newTenant()
    const first = await save(tenant.scope, { 'SOUL.md': 'one' }, { message: 'begin' })
    clock.advance(1_000)
    const second = await save(
      tenant.as('release_manager'),
      { 'SOUL.md': 'two' },
      { message: 'kinder', source: 'console' },
    )
    const { versions, total } = await listVersions(tenant.scope, 'support', { limit: 10, offset: 0 })
    expect(total).toBe(2)
    expect(versions).toMatchObject([
      {
        version_hash: second.hash.slice(0, 16),
        message: 'kinder',
        source: 'console',
        parent_hash: first.hash.slice(0, 16),
        created_by: `user:release_manager@${tenant.id}`,
        is_latest: true,
        files: [{ path: 'SOUL.md', size: 3, hash: sha('two') }],
      },
      { version_hash: first.hash.slice(0, 16), message: 'begin', source: 'push', parent_hash: null, is_latest: false },
    ])
    const saved = (await tenant.audits()).filter(({ eventType }) => eventType === 'workspace_change')
    expect(saved.map(({ entityId }) => entityId)).toEqual([first.hash, second.hash])
    expect(await latestVersion(tenant.scope, 'support')).toEqual({ hash: second.hash })
  })

  it('are saved once: the same content again changes nothing and says so', async () => {
    const tenant = await newTenant()
    const { hash } = await save(tenant.scope, { 'SOUL.md': 'one' }, { message: 'first' })
    const audits = (await tenant.audits()).length
    const again = await save(tenant.scope, { 'SOUL.md': 'one' }, { message: 'second' })
    expect(again).toMatchObject({ hash, isNew: false })
    expect((await tenant.audits()).length).toBe(audits)
    expect((await getVersion(tenant.scope, 'support', hash)).version.message).toBe('first')
  })

  it('of two workspaces with the same content are two histories', async () => {
    const { scope } = await newTenant()
    await save(scope, { 'SOUL.md': 'other' })
    const a = await save(scope, { 'SOUL.md': 'same' }, { message: 'of support' })
    const b = await save(scope, { 'SOUL.md': 'same' }, { workspaceId: 'sales', message: 'of sales' })
    expect(b).toEqual({ ...a, isNew: true })
    expect((await getVersion(scope, 'support', a.hash)).version).toMatchObject({
      message: 'of support',
      workspace_id: 'support',
    })
    expect((await getVersion(scope, 'sales', a.hash)).version).toMatchObject({ message: 'of sales', parent_hash: null })
    expect(await hashesOf(scope)).toHaveLength(2)
    expect(await hashesOf(scope, 'sales')).toEqual([a.hash])
  })

  it('of another tenant are unknown, and those of a workspace out of reach are refused', async () => {
    const [mine, theirs] = await twoTenants()
    const { hash } = await save(mine.scope, { 'SOUL.md': 'mine' })
    const refused = { code: 'not_found' }
    await expect(requireVersion(theirs.scope, 'support', hash)).rejects.toMatchObject(refused)
    await expect(versionFiles(theirs.scope, 'support', hash)).rejects.toMatchObject(refused)
    await expect(listVersions(theirs.scope, 'support', { limit: 1, offset: 0 })).rejects.toMatchObject(refused)
    await expect(diffVersions(theirs.scope, 'support', hash, hash)).rejects.toMatchObject(refused)
    await expect(impactOf(theirs.scope, 'support', null, hash)).rejects.toMatchObject(refused)
    await expect(requireVersion(mine.scope, 'sales', hash)).rejects.toMatchObject(refused)
    const fenced = scopeOf(identityOf(mine.id, 'admin', { workspaceIds: ['sales'] }))
    const outside = { code: 'workspace_access_denied' }
    await expect(save(fenced, { 'SOUL.md': 'x' })).rejects.toMatchObject(outside)
    await expect(requireVersion(fenced, 'support', hash)).rejects.toMatchObject(outside)
    await expect(impactOf(fenced, 'support', null, hash)).rejects.toMatchObject(outside)
  })

  it('are found by eight digits or more, of their workspace, and by no fewer', async () => {
    const { scope } = await newTenant()
    const { hash } = await save(scope, { 'SOUL.md': 'one' })
    for (const digits of [hash.slice(0, 8), hash.slice(0, 16).toUpperCase(), hash, 'latest'])
      expect(await requireVersion(scope, 'support', digits)).toEqual({ hash })
    for (const digits of [hash.slice(0, 7), 'x'.repeat(16), `${hash}0`, '%', "' OR 1=1", ''])
      await expect(requireVersion(scope, 'support', digits)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('are refused on a parent that is not the last one, whoever was faster', async () => {
    const { scope } = await newTenant()
    const first = await save(scope, { 'SOUL.md': '0' }, { expectedParent: '' })
    const tries = Array.from({ length: 6 }, (_, at) =>
      save(scope, { 'SOUL.md': `by ${at}` }, { expectedParent: first.hash.slice(0, 16) }).then(
        ({ hash }) => hash,
        (error: { code: string }) => error.code,
      ),
    )
    const outcomes = await Promise.all(tries)
    expect(outcomes.filter((one) => one === 'version_conflict')).toHaveLength(5)
    const [winner] = outcomes.filter((one) => one !== 'version_conflict')
    expect(await hashesOf(scope)).toEqual([winner, first.hash])
    await expect(save(scope, { 'SOUL.md': 'x' }, { expectedParent: '' })).rejects.toMatchObject({
      code: 'version_conflict',
      details: { latest: winner?.slice(0, 16) },
    })
    const won = outcomes.indexOf(winner ?? '')
    const again = save(scope, { 'SOUL.md': `by ${won}` }, { expectedParent: first.hash })
    expect(await again).toMatchObject({ hash: winner, isNew: false })
  })

  it('come in the order in which they were saved, also where the clock was set back', async () => {
    const { scope } = await newTenant()
    const hashes: string[] = []
    for (const text of ['a', 'b', 'c']) {
      hashes.unshift((await save(scope, { 'SOUL.md': text })).hash)
      clock.advance(-60_000)
    }
    clock.set(NOON)
    expect(await hashesOf(scope)).toEqual(hashes)
    expect(await latestVersion(scope, 'support')).toEqual({ hash: hashes[0] })
  })

  it('at once: the same content by many is one version, other contents are one after another', async () => {
    const tenant = await newTenant()
    const same = await Promise.all(Array.from({ length: 5 }, () => save(tenant.scope, { 'SOUL.md': 'same' })))
    expect(same.filter(({ isNew }) => isNew)).toHaveLength(1)
    await Promise.all(Array.from({ length: 5 }, (_, at) => save(tenant.scope, { 'SOUL.md': `other ${at}` })))
    const rows = await tenant.scope.db.workspaceVersion.findMany({ orderBy: { createdAt: 'asc' } })
    expect(rows).toHaveLength(6)
    expect(new Set(rows.map(({ createdAt }) => createdAt.getTime())).size).toBe(6)
    expect(rows.map(({ parentHash }) => parentHash)).toEqual([null, ...rows.slice(0, -1).map(({ hash }) => hash)])
    const saved = (await tenant.audits()).filter(({ eventType }) => eventType === 'workspace_change')
    expect(saved).toHaveLength(6)
  })

  it('that were broken off leave nothing that anybody sees, and are saved by the next try', async () => {
    const tenant = await newTenant()
    const scope = Object.assign(Object.create(tenant.scope) as typeof tenant.scope, {
      mutate: () => Promise.reject(new Error('killed')),
    })
    await expect(save(scope, ODD)).rejects.toThrow('killed')
    await expect(latestVersion(tenant.scope, 'support')).resolves.toBeNull()
    expect(await systemDb().workspace.count({ where: { tenantId: tenant.id } })).toBe(0)
    const { hash, isNew } = await save(tenant.scope, ODD)
    expect(isNew).toBe(true)
    expect(await versionFiles(tenant.scope, 'support', hash)).toHaveLength(Object.keys(ODD).length)
  })

  it('too large for one commit go piece by piece', async () => {
    const { randomBytes } = await import('node:crypto')
    const { scope } = await newTenant()
    const large = Object.fromEntries(['a', 'b', 'c'].map((name) => [`data/${name}.bin`, randomBytes(900_000)]))
    const { hash } = await save(scope, large)
    for await (const { path, bytes } of versionContents(scope, 'support', hash))
      expect(bytes.equals(large[path] ?? Buffer.alloc(0))).toBe(true)
  })

  it('are no place for nothing, for what leads out, or for names that stand for something else', async () => {
    const { scope } = await newTenant()
    await expect(save(scope, {})).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(save(scope, { '.env': 'x' })).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(save(scope, { '../x': 'x' })).rejects.toMatchObject({ code: 'invalid_request' })
    for (const workspaceId of ['pin', 'envs', 'impact', 'a/b', ''])
      await expect(save(scope, { a: 'x' }, { workspaceId })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('say what is wrong with what they hold', async () => {
    const { scope } = await newTenant()
    const { warnings } = await save(scope, {
      'policies/bad.yaml': 'policies: [{',
      'config.yaml': '- a list',
      'skills/broken/SKILL.md': '---\nname: broken\n',
      '.git/HEAD': 'x',
    })
    for (const word of ['policies/bad.yaml', 'config.yaml is no map', 'skills/broken', '.git/HEAD'])
      expect(warnings.join('\n')).toContain(word)
  })
})
