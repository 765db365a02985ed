import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { describeEachDialect } from '@/lib/core/testing/database'
import { type TestFolder, useFolder } from '@/lib/core/testing/folder'
import { identityOf, newTenant, scopeOf, type TestTenant, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { composePrompt, loadBundle, showContext } from '.'

const SKILL = '---\nname: alpha\ndescription: Does alpha\nallowed-tools: task_list\n---\nDo alpha in {baseDir}.'

const CODES = (code: string) => expect.objectContaining({ code })

describeEachDialect('workspaces', (dialect) => {
  const root = useFolder()
  useKernel(dialect, {
    clock: fixedClock(new Date('2026-11-21T15:07:00Z')),
    env: { CLASPER_WORKSPACE: root.at('shared'), CLASPER_WORKSPACES: root.at('tenants') },
  })
  let tenant: TestTenant
  let folder: TestFolder

  beforeEach(async () => {
    tenant = await newTenant()
    folder = root.below(`tenants/${tenant.id}/default`)
    rmSync(root.at('shared'), { recursive: true, force: true })
  })

  const prompt = async (role = 'agent', over: object = {}) =>
    composePrompt(tenant.scope, await loadBundle(tenant.scope), { role, isHeartbeat: false, message: 'hi', ...over })

  describe('finding', () => {
    it('gives a tenant its own folder, else the one file workspace', async () => {
      root.write({ 'shared/AGENTS.md': 'shared rules' })
      expect((await prompt()).system).toContain('shared rules')
      folder.write({ 'AGENTS.md': 'own rules' })
      expect((await prompt()).system).toContain('own rules')
      expect((await prompt()).system).not.toContain('shared rules')
    })

    it('answers 404 for a workspace that is neither a folder nor a row, and for one of another tenant', async () => {
      const [a, b] = await twoTenants()
      root.write({ [`tenants/${a.id}/sales/AGENTS.md`]: 'rules of a' })
      expect((await loadBundle(a.scope, 'sales')).workspaceId).toBe('sales')
      await expect(loadBundle(b.scope, 'sales')).rejects.toThrow(CODES('not_found'))
      for (const id of ['..', '.', '../x', 'a/b', '', `${a.id}/sales`, '%2e%2e', 'x'.repeat(129)])
        await expect(loadBundle(b.scope, id), id).rejects.toThrow(CODES('not_found'))
    })

    it('keeps to the workspaces of whoever is held to some', async () => {
      const fenced = scopeOf(identityOf(tenant.id, 'admin', { workspaceIds: ['sales'] }))
      await expect(loadBundle(fenced, 'default')).rejects.toThrow(CODES('workspace_access_denied'))
    })

    it('takes ids with dots, colons and at signs as the single names they are', async () => {
      root.write({ [`tenants/${tenant.id}/team:a@b.c/AGENTS.md`]: 'odd' })
      expect((await loadBundle(tenant.scope, 'team:a@b.c')).folder.texts.get('AGENTS.md')).toBe('odd')
    })

    it('refuses a tenant folder that is a link, even into the folder of another tenant', async () => {
      root.write({ 'tenants/victim/default/AGENTS.md': 'secret rules' })
      mkdirSync(root.at('tenants', tenant.id), { recursive: true })
      symlinkSync(root.at('tenants/victim/default'), folder.path)
      await expect(loadBundle(tenant.scope)).rejects.toThrow(CODES('config_error'))
    })

    it('works without any folder', async () => {
      const { system } = await prompt('night-shift')
      expect(system).toBe(
        [
          'You are a helpful AI assistant (role: night-shift). Follow instructions carefully and provide accurate, helpful responses.',
          '',
          '## Current Time',
          '',
          '- **Date:** Saturday, November 21, 2026',
          '- **Time:** 3:07 PM',
          '- **Timezone:** UTC',
        ].join('\n'),
      )
    })
  })

  describe('composing', () => {
    const ALL = {
      'AGENTS.md': 'rules\n',
      'SOUL.md': 'soul',
      'TOOLS.md': 'tools',
      'IDENTITY.md': 'identity',
      'USER.md': 'user',
      'HEARTBEAT.md': 'heartbeat',
      'BOOT.md': 'boot',
      'MEMORY.md': 'memory',
      'memory/2026-11-21.md': 'today log',
      'memory/2026-11-20.md': 'yesterday log',
      'memory/2026-11-19.md': 'older log',
      'skills/alpha/SKILL.md': SKILL,
    }

    it('puts every part in its place', async () => {
      folder.write(ALL)
      const { system } = await prompt('agent', { isHeartbeat: true })
      expect(system).toBe(
        [
          ...['## Operating Rules', 'rules', 'soul', '## Tools', 'tools', '## Identity', 'identity', '## User', 'user'],
          ...['## Heartbeat', 'heartbeat', '## First Run', 'boot'],
          ...['## Skills', '### alpha', 'Do alpha in skills/alpha.'],
          ...['### Long-term Memory', 'memory', '### Yesterday (2026-11-20)', 'yesterday log'],
          ...['### Today (2026-11-21)', 'today log'],
          '## Current Time',
          '- **Date:** Saturday, November 21, 2026\n- **Time:** 3:07 PM\n- **Timezone:** UTC',
        ].join('\n\n'),
      )
    })

    it('leaves out what is blank, and the checklist of another kind of run', async () => {
      folder.write({ ...ALL, 'TOOLS.md': ' \n\n' })
      const { system } = await prompt()
      expect(system).not.toMatch(/## Tools|## Heartbeat/)
    })

    it('takes the soul of the role', async () => {
      folder.write({ 'SOUL.md': 'soul', 'souls/trade.md': 'trader' })
      expect((await prompt('trade')).system).toContain('trader')
      expect((await prompt('trade')).system).not.toContain('soul')
      expect((await prompt('other')).system).toContain('soul')
    })

    it.each([
      '../../outside',
      '..',
      'a/b',
      '/etc/passwd',
      '%2e%2e%2foutside',
      'a.md',
      '',
      '-x',
      'x'.repeat(65),
      'trade\0',
    ])('refuses the role %j', async (role) => {
      root.write({ 'outside.md': 'outside' })
      folder.write({ 'SOUL.md': 'soul' })
      await expect(prompt(role)).rejects.toThrow(CODES('invalid_request'))
    })

    it('goes by the time zone of the run', async () => {
      folder.write(ALL)
      const { system } = await prompt('agent', { timezone: 'Pacific/Auckland' })
      expect(system).toContain('### Yesterday (2026-11-21)')
      expect(system).toContain('- **Time:** 4:07 AM\n- **Timezone:** Pacific/Auckland')
      await expect(prompt('agent', { timezone: 'Mars/Base' })).rejects.toThrow(CODES('invalid_request'))
    })

    it('cuts each file, then the whole, and says so at the end', async () => {
      const big = 'x'.repeat(20_001)
      folder.write({
        'AGENTS.md': big,
        'SOUL.md': big,
        'TOOLS.md': 'y'.repeat(19_000),
        'IDENTITY.md': big,
        'USER.md': big,
      })
      const { system, notes } = await prompt()
      expect(notes).toMatchObject({ truncated: ['AGENTS.md', 'SOUL.md', 'IDENTITY.md'], omitted: ['USER.md'] })
      expect(system).toContain('[USER.md omitted: prompt size limit]')
      expect(system.endsWith('\n\n[Note: some workspace files were truncated.]')).toBe(true)
      const { files, total_bootstrap_chars } = await showContext(tenant.scope, {})
      expect(files.slice(0, 5).map((file) => [file.raw_chars, file.injected_chars, file.truncated])).toEqual([
        [20_001, 20_000, true],
        [20_001, 20_000, true],
        [19_000, 19_000, false],
        [20_001, 1_000, true],
        [20_001, 0, true],
      ])
      expect(total_bootstrap_chars).toBe(60_000)
    })

    it('gives USER.md 4,000 characters', async () => {
      folder.write({ 'USER.md': 'u'.repeat(4_001) })
      const { files } = await showContext(tenant.scope, {})
      expect(files.find(({ name }) => name === 'USER.md')).toMatchObject({ injected_chars: 4_000, truncated: true })
    })
  })
})
