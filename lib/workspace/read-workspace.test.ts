import { createHash } from 'node:crypto'
import { rmSync, symlinkSync, utimesSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { describeEachDialect } from '@/lib/core/testing/database'
import { type TestFolder, useFolder } from '@/lib/core/testing/folder'
import { newTenant, type TestTenant, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { composePrompt, listSkills, loadBundle } from '.'

const SKILL = '---\nname: alpha\ndescription: Does alpha\nallowed-tools: task_list\n---\nDo alpha in {baseDir}.'
const sha = (text: string) => createHash('sha256').update(text).digest('hex')

describeEachDialect('reading a workspace', (dialect) => {
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

  describe('reading', () => {
    it('hashes every file that is not hidden, and nothing else', async () => {
      const texts = {
        'AGENTS.md': 'a',
        'memory/2026-01-01.md': 'm',
        'skills/alpha/SKILL.md': SKILL,
        'skills/alpha/references/rules.md': 'r',
        'souls/trade.md': 's',
        'README.md': 'x',
        'memory/notes.md': 'x',
        'souls/deep/x.md': 'x',
        'gates.yaml': 'x',
        'skills/registry.yaml': 'a: latest',
        'evals/deep/cases.jsonl': '{}',
        '.agents/skills/beta/SKILL.md': SKILL.replaceAll('alpha', 'beta'),
      }
      folder.write({ ...texts, '.env': 'x', '.boot-complete': 'x', 'skills/alpha/.git/config': 'x', '.agents/x': 'x' })
      folder.write({ 'skills/alpha/node_modules/a/index.js': 'x', 'node_modules/a': 'x', 'evals/.x/y': 'x' })
      const lines = Object.entries(texts)
        .map(([path, text]) => `${path}:${sha(text)}`)
        .sort()
      const { hash } = await loadBundle(tenant.scope)
      expect(hash).toBe(sha(lines.join('\n')))
      folder.write({ 'skills/alpha/references/rules.md': 'R' })
      expect((await loadBundle(tenant.scope)).hash).not.toBe(hash)
    })

    it('has every text at hand, and what reaches the prompt stays what it was', async () => {
      folder.write({ 'AGENTS.md': 'rules', 'skills/alpha/SKILL.md': SKILL, 'memory/2026-01-01.md': 'old day' })
      const { system } = await prompt()
      folder.write({ 'gates.yaml': 'gates', 'mcp.yaml': 'servers', 'evals/a.jsonl': '{}', 'memory/notes.md': 'notes' })
      folder.write({ 'skills/README.md': 'shelf', 'skills/alpha/data.bin': 'a\0b', 'logo.bin': 'a\0b' })
      const { folder: bundle } = await loadBundle(tenant.scope)
      for (const path of ['gates.yaml', 'mcp.yaml', 'evals/a.jsonl', 'memory/notes.md', 'skills/README.md'])
        expect(bundle.texts.has(path)).toBe(true)
      expect(bundle.texts.has('logo.bin')).toBe(false)
      expect(bundle.paths).toContain('logo.bin')
      expect((await prompt()).system).toBe(system)
    })

    it('says what it leaves out, and lets no rule get lost', async () => {
      folder.write({ 'big.txt': 'x'.repeat(1_048_577), 'AGENTS.md': 'y'.repeat(1_048_577), 'policies/note.txt': 'z' })
      folder.write({ 'policies/tests/big.yaml': 'x'.repeat(1_048_577), 'policies/big.txt': 'x'.repeat(1_048_577) })
      const { warnings, policies, folder: bundle } = await loadBundle(tenant.scope)
      expect(warnings.join('\n')).toMatch(/big.txt is left out: it is larger than 1 MiB/)
      expect(bundle.texts.get('AGENTS.md')).toHaveLength(1_048_576)
      expect(policies.faults).toEqual([])
      folder.write({ 'policies/big.yaml': `[]#${'x'.repeat(1_048_577)}` })
      expect((await loadBundle(tenant.scope)).policies.faults.join()).toContain('policies/big.yaml')
    })

    it('goes into no link to a folder twice, whatever it leads to', async () => {
      folder.write({ 'docs/a.md': 'a' })
      symlinkSync(folder.path, folder.at('docs/loop'))
      symlinkSync(folder.at('docs'), folder.at('other'))
      const bundle = await loadBundle(tenant.scope)
      expect(bundle.folder.paths).toEqual(['docs/a.md'])
      expect(bundle.warnings.join('\n')).toMatch(/docs\/loop is a link to a folder/)
    })

    it('shows an edit to the next run, even one of equal size within one tick of the clock', async () => {
      for (const text of ['one', 'two', 'six', 'ten']) {
        folder.write({ 'AGENTS.md': text })
        expect((await prompt()).system).toContain(text)
      }
    })

    it('shows an edit whose time of change was set back', async () => {
      folder.write({ 'AGENTS.md': 'one' })
      const old = new Date('2020-01-01T00:00:00Z')
      utimesSync(folder.at('AGENTS.md'), old, old)
      await expect.poll(async () => (await prompt()).system).toContain('one')
      folder.write({ 'AGENTS.md': 'two' })
      utimesSync(folder.at('AGENTS.md'), old, old)
      expect((await prompt()).system).toContain('two')
    })

    it('shows new and removed files', async () => {
      folder.write({ 'AGENTS.md': 'rules' })
      await prompt()
      folder.write({ 'skills/alpha/SKILL.md': SKILL })
      expect((await loadBundle(tenant.scope)).toolGrants).toEqual(['task_list'])
      rmSync(folder.at('skills'), { recursive: true })
      expect((await loadBundle(tenant.scope)).toolGrants).toEqual([])
    })

    it('keeps one prompt while nothing changes', async () => {
      folder.write({ 'AGENTS.md': 'rules' })
      await expect
        .poll(async () => {
          const [a, b] = [await loadBundle(tenant.scope), await loadBundle(tenant.scope)]
          return a.folder === b.folder
        })
        .toBe(true)
    })

    it('never shares files between tenants, nor between workspaces', async () => {
      const [a, b] = await twoTenants()
      root.write({
        [`tenants/${a.id}/default/skills/alpha/SKILL.md`]: SKILL,
        [`tenants/${a.id}/sales/AGENTS.md`]: 'sales of a',
        [`tenants/${b.id}/default/AGENTS.md`]: 'rules of b',
      })
      expect((await listSkills(a.scope)).total).toBe(1)
      expect((await listSkills(b.scope)).total).toBe(0)
      expect((await loadBundle(a.scope, 'sales')).skills).toEqual([])
    })

    it('refuses links that leave, follows those that stay, and survives loops', async () => {
      root.write({ 'secret.md': 'secret', 'secret/SKILL.md': SKILL })
      folder.write({
        'real.md': 'inside',
        'skills/alpha/SKILL.md': SKILL,
        'souls/x.md': 'x',
        'shelf/beta/SKILL.md': SKILL,
      })
      symlinkSync(root.at('secret.md'), folder.at('AGENTS.md'))
      symlinkSync(folder.at('real.md'), folder.at('TOOLS.md'))
      symlinkSync(root.at('secret.md'), folder.at('souls/spy.md'))
      symlinkSync(root.at('secret'), folder.at('skills/secret'))
      symlinkSync(folder.at('skills'), folder.at('skills/loop'))
      symlinkSync('/dev/zero', folder.at('MEMORY.md'))
      const { system } = await prompt('spy')
      expect(system).not.toContain('secret')
      expect(system).toContain('inside')
      expect((await loadBundle(tenant.scope)).warnings.join('\n')).toMatch(/AGENTS.md is a link that leaves/)
    })

    it('reads no more than a mebibyte of a file, and takes null bytes and broken bytes', async () => {
      folder.write({ 'MEMORY.md': 'm'.repeat(3_000_000), 'AGENTS.md': 'a\0b' })
      const bundle = await loadBundle(tenant.scope)
      expect(bundle.folder.texts.get('MEMORY.md')).toHaveLength(1_048_576)
      expect(bundle.folder.texts.get('AGENTS.md')).toBe('a\ufffdb')
    })
  })

  describe('skills', () => {
    it('are found on shelves, in both places, the first of a name winning', async () => {
      folder.write({
        'skills/shelf/alpha/SKILL.md': SKILL,
        '.agents/skills/alpha/SKILL.md': SKILL,
        '.agents/skills/beta/SKILL.md': SKILL.replaceAll('alpha', 'beta'),
        'skills/1/2/3/4/5/6/SKILL.md': SKILL.replaceAll('alpha', 'six'),
        'skills/1/2/3/4/5/x/7/SKILL.md': SKILL.replaceAll('alpha', 'seven'),
        'skills/broken/SKILL.md': '---\nname: broken\n',
      })
      const { skills, total, enabled } = await listSkills(tenant.scope)
      expect(skills.map(({ name, location, source, in_inventory }) => [name, location, source, in_inventory])).toEqual([
        ['six', 'skills/1/2/3/4/5/6/SKILL.md', 'workspace', true],
        ['broken', 'skills/broken/SKILL.md', 'workspace', false],
        ['alpha', 'skills/shelf/alpha/SKILL.md', 'workspace', true],
        ['alpha', '.agents/skills/alpha/SKILL.md', 'agents', false],
        ['beta', '.agents/skills/beta/SKILL.md', 'agents', true],
      ])
      expect([total, enabled]).toEqual([5, 3])
    })

    it('are skipped with a reason where a folder is too large', async () => {
      folder.write({ 'skills/alpha/SKILL.md': SKILL })
      folder.write(Object.fromEntries(Array.from({ length: 256 }, (_, at) => [`skills/alpha/scripts/${at}`, ''])))
      const { skills } = await listSkills(tenant.scope)
      expect(skills[0]).toMatchObject({
        in_inventory: false,
        gate_reason: 'Skipped: the folder holds more than 256 files',
      })
    })

    it('look at this host: programs on the path, config keys of the workspace', async () => {
      const needs = (requires: object) =>
        `---\nname: x\ndescription: d\nmetadata: ${JSON.stringify({ openclaw: { requires } })}\n---\n`
      folder.write({
        'config.yaml': 'mail:\n  enabled: true\n',
        'skills/a/SKILL.md': needs({ bins: ['node'] }).replace('name: x', 'name: a'),
        'skills/b/SKILL.md': needs({ bins: ['no-such-program-here'] }).replace('name: x', 'name: b'),
        'skills/c/SKILL.md': needs({ bins: ['../../bin/sh'] }).replace('name: x', 'name: c'),
        'skills/d/SKILL.md': needs({ config: ['mail.enabled'] }).replace('name: x', 'name: d'),
        'skills/e/SKILL.md': needs({ config: ['mail.host'] }).replace('name: x', 'name: e'),
      })
      const { skills } = await listSkills(tenant.scope)
      expect(skills.map(({ gate_reason }) => gate_reason)).toEqual([
        undefined,
        'Missing bin: no-such-program-here',
        'Missing bin: ../../bin/sh',
        undefined,
        'Missing config: mail.host',
      ])
    })
  })
})
