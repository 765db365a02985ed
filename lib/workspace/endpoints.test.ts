import { chmodSync, existsSync, rmSync } from 'node:fs'
import { beforeEach, expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useFolder } from '@/lib/core/testing/folder'
import { identityOf, newTenant, scopeOf, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { completeBoot, contextStats, listWorkspaces, loadBundle, reindexWorkspace, showBoot, showContext } from '.'

describeEachDialect('workspace endpoints', (dialect) => {
  const root = useFolder()
  useKernel(dialect, { env: { CLASPER_WORKSPACE: root.at('shared'), CLASPER_WORKSPACES: root.at('tenants') } })
  let tenant: TestTenant
  let folder: ReturnType<typeof root.below>

  beforeEach(async () => {
    tenant = await newTenant()
    folder = root.below(`tenants/${tenant.id}/default`)
    rmSync(root.at('shared'), { recursive: true, force: true })
  })

  const asKey = (tenantId: string) => scopeOf(identityOf(tenantId, 'admin', { plane: 'service' }))

  it('shows sizes in prompt order, the path as configured, and no contents', async () => {
    folder.write({ 'AGENTS.md': 'the rules', 'SOUL.md': 's', 'souls/trade.md': 'trader', 'BOOTSTRAP.md': 'b' })
    const view = await showContext(tenant.scope, { role: 'trade' })
    expect(view.files.map(({ name, exists }) => [name, exists])).toEqual([
      ['AGENTS.md', true],
      ['souls/trade.md', true],
      ['TOOLS.md', false],
      ['IDENTITY.md', false],
      ['USER.md', false],
      ['HEARTBEAT.md', false],
      ['BOOTSTRAP.md', true],
      ['MEMORY.md', false],
      [expect.stringMatching(/^memory\/\d{4}-\d\d-\d\d\.md$/), false],
      [expect.stringMatching(/^memory\/\d{4}-\d\d-\d\d\.md$/), false],
    ])
    expect(view).toMatchObject({
      workspace_path: `${root.at('tenants')}/${tenant.id}/default`,
      max_chars_per_file: 20_000,
      max_total_chars: 60_000,
      total_bootstrap_chars: 9 + 6 + 1,
    })
    expect(JSON.stringify(view)).not.toContain('the rules')
  })

  it('lists what a tenant has: default, folders, rows, and nothing of others', async () => {
    const other = await newTenant()
    root.write({ [`tenants/${tenant.id}/sales/AGENTS.md`]: 'x', [`tenants/${other.id}/hidden/AGENTS.md`]: 'x' })
    root.write({ [`tenants/${tenant.id}/.trash/AGENTS.md`]: 'x', [`tenants/${tenant.id}/note.md`]: 'x' })
    expect((await listWorkspaces(tenant.scope)).map(({ id }) => id)).toEqual(['default', 'sales'])
    const fenced = scopeOf(identityOf(tenant.id, 'admin', { workspaceIds: ['sales'] }))
    expect((await listWorkspaces(fenced)).map(({ id }) => id)).toEqual(['sales'])
  })

  it('tells of the first run until it is complete, once and for all', async () => {
    folder.write({ 'BOOT.md': 'Say hello.' })
    expect(await showBoot(asKey(tenant.id))).toEqual({ has_boot: true, is_complete: false, content: 'Say hello.' })
    expect(await completeBoot(tenant.scope)).toEqual({ status: 'ok' })
    expect(existsSync(folder.at('.boot-complete'))).toBe(true)
    expect(await showBoot(asKey(tenant.id))).toEqual({ has_boot: true, is_complete: true, content: null })
    expect(await tenant.lastAudit()).toMatchObject({ eventType: 'config_change', entityId: 'default' })
    await completeBoot(tenant.scope)
    expect(await tenant.audits()).toHaveLength(1)
  })

  it('does not change the hash by it', async () => {
    folder.write({ 'BOOT.md': 'Say hello.' })
    const { hash } = await loadBundle(tenant.scope)
    await completeBoot(tenant.scope)
    expect(await loadBundle(tenant.scope)).toMatchObject({ hash, isBootComplete: true })
  })

  it('keeps the text from people who may not see raw contents', async () => {
    folder.write({ 'BOOT.md': 'Say hello.' })
    for (const role of ['viewer', 'operator', 'release_manager'] as const)
      expect((await showBoot(tenant.as(role))).content).toBeNull()
    expect((await showBoot(tenant.as('admin'))).content).toBe('Say hello.')
  })

  it('remembers it in the database where the one file workspace belongs to somebody else', async () => {
    root.write({ 'shared/BOOT.md': 'Say hello.' })
    const other = await newTenant()
    await completeBoot(tenant.scope)
    expect(existsSync(root.at('shared/.boot-complete'))).toBe(false)
    expect((await loadBundle(tenant.scope)).isBootComplete).toBe(true)
    expect((await loadBundle(other.scope)).isBootComplete).toBe(false)
    const rows = await tenant.scope.db.workspace.findMany()
    expect(rows).toMatchObject([{ id: 'default', bootCompletedAt: expect.any(Date) }])
  })

  it('remembers it in the database where the folder cannot be written', async () => {
    const isRoot = process.getuid?.() === 0
    folder.write({ 'BOOT.md': 'Say hello.' })
    if (isRoot) folder.write({ '.boot-complete/x': 'a folder in the way' })
    else chmodSync(folder.path, 0o555)
    await completeBoot(tenant.scope)
    if (!isRoot) chmodSync(folder.path, 0o755)
    expect((await loadBundle(tenant.scope)).isBootComplete).toBe(true)
  })

  it('builds the index when asked, with one audit row, and tells of it', async () => {
    folder.write({ 'MEMORY.md': 'one\n\ntwo', 'skills/a/SKILL.md': '---\nname: a\ndescription: d\n---\nBody' })
    expect(await contextStats(tenant.scope)).toEqual({
      indexed_chunks: 0,
      indexed_skills: 0,
      indexed_memory_chunks: 0,
      last_indexed_at: null,
      embedding_provider: 'none',
    })
    const stats = await reindexWorkspace(tenant.scope)
    expect(stats).toMatchObject({ indexed_chunks: 2, indexed_skills: 1, indexed_memory_chunks: 1 })
    await expect.poll(() => contextStats(tenant.scope)).toEqual(stats)
    expect((await tenant.audits()).map(({ eventType }) => eventType)).toEqual(['config_change'])
  })

  it('answers 404 on every one of them for a workspace of another tenant', async () => {
    root.write({ [`tenants/${tenant.id}/sales/AGENTS.md`]: 'rules' })
    const stranger = await newTenant()
    const at = Object.assign(scopeOf(identityOf(stranger.id)), { workspaceId: 'sales' })
    for (const call of [() => showContext(at, {}), () => showBoot(at), () => contextStats(at)])
      await expect(call()).rejects.toMatchObject({ code: 'not_found' })
    for (const call of [() => completeBoot(at), () => reindexWorkspace(at)])
      await expect(call()).rejects.toMatchObject({ code: 'not_found' })
    expect(await stranger.audits()).toEqual([])
    expect(kernel().isStopping).toBe(false)
  })
})
