import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { useFolder } from '@/lib/core/testing/folder'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { composePrompt, listSkills, loadBundle } from '.'

const FIXTURES = join(process.cwd(), 'lib/skills/fixtures')

// Skills as they are found in public, each in another of the ways that the two formats allow.
describe('skills in OpenClaw and Agent Skills format', () => {
  const folder = useFolder()
  useKernel('sqlite', { env: { CLASPER_WORKSPACE: folder.path } })

  const program = (name: string) => {
    mkdirSync(folder.at('bin'), { recursive: true })
    writeFileSync(folder.at(`bin/${name}`), '#!/bin/sh\n')
    chmodSync(folder.at(`bin/${name}`), 0o755)
  }

  beforeAll(() => {
    cpSync(FIXTURES, folder.path, { recursive: true })
    program('fixture-curl')
    program('fixture-gh')
    vi.stubEnv('PATH', folder.at('bin'))
  })
  afterAll(() => void vi.unstubAllEnvs())

  const all = async () => {
    const { scope } = await newTenant()
    const { skills, total, enabled } = await listSkills(scope)
    const find = (name: string) => skills.filter((skill) => skill.name === name)
    return { scope, skills, total, enabled, find }
  }
  const prompt = async () => {
    const { scope } = await newTenant()
    const bundle = await loadBundle(scope)
    const { system } = await composePrompt(scope, bundle, { role: 'agent', isHeartbeat: false, message: 'hi' })
    return { bundle, system }
  }

  it('load: every one is in the inventory, or says why not', async () => {
    const { skills } = await all()
    const told = Object.fromEntries(
      skills.map(({ location, enabled, gate_reason }) => [location, gate_reason ?? enabled]),
    )
    expect(told).toEqual({
      'skills/greeting/SKILL.md': true,
      'skills/form-filler/SKILL.md': true,
      'skills/weather/SKILL.md': true,
      'skills/issue-desk/SKILL.md': true,
      'skills/sticky-notes/SKILL.md': 'OS not supported (requires: fixture-os)',
      'skills/image-maker/SKILL.md': 'Missing env: FIXTURE_IMAGE_KEY',
      'skills/guardian/SKILL.md': true,
      'skills/mail-digest/SKILL.md': true,
      'skills/danger-zone/SKILL.md': true,
      'skills/world-clock/SKILL.md': true,
      'skills/release-notes/SKILL.md': true,
      'skills/writing/blog-post/SKILL.md': true,
      'skills/windows-notes/SKILL.md': true,
      'skills/Old_Style/SKILL.md': true,
      'skills/long-winded/SKILL.md': true,
      'skills/torn/SKILL.md': 'Skipped: the front matter has no end',
      '.agents/skills/house-style/SKILL.md': true,
      '.agents/skills/greeting/SKILL.md': 'Skipped: skills/greeting/SKILL.md has the same name',
    })
  })

  it('warn of what Agent Skills ask for, and of nothing else', async () => {
    const { skills } = await all()
    const warned = skills.filter(({ warnings }) => warnings.length > 0)
    expect(Object.fromEntries(warned.map(({ location, warnings }) => [location, warnings]))).toEqual({
      'skills/release-notes/SKILL.md': ['The front matter is not valid YAML; it was read line by line'],
      'skills/Old_Style/SKILL.md': [
        'name must be lower case letters, digits and single hyphens, none at its ends',
        'name differs from its folder Old_Style',
      ],
      'skills/long-winded/SKILL.md': ['the body has 500 lines or more'],
    })
  })

  it('gate by what this host has, and open as soon as it has it', async () => {
    const before = await all()
    expect(before.find('image-maker')[0]).toMatchObject({ ready: false, visible: false, in_inventory: true })
    vi.stubEnv('FIXTURE_IMAGE_KEY', 'never-shown')
    writeFileSync(folder.at('skills/image-maker/touched.md'), 'x')
    expect((await all()).find('image-maker')[0]).toMatchObject({ ready: true, visible: true })
    expect((await prompt()).system).not.toContain('never-shown')
    writeFileSync(folder.at('config.yaml'), 'mail:\n  enabled: false\n')
    expect((await all()).find('mail-digest')[0]?.gate_reason).toBe('Missing config: mail.enabled')
    writeFileSync(folder.at('config.yaml'), 'mail:\n  enabled: true\n')
  })

  it('keep their metadata as it was written', async () => {
    const { find } = await all()
    expect(find('form-filler')[0]?.metadata).toEqual({ author: 'forms-team', version: '1.2' })
    expect(find('issue-desk')[0]).toMatchObject({ emoji: '🗂️', metadata: { openclaw: { install: [{ kind: 'brew' }] } } })
    expect(find('guardian')[0]?.metadata).toBe(
      "{openclaw: {always: true, emoji: '🛡️', requires: {bins: ['fixture-nothing']},},}",
    )
  })

  it('permit what they name, each in its way of writing it', async () => {
    const { find } = await all()
    expect(find('form-filler')[0]?.allowed_tools).toEqual(['Bash(python3:*)', 'Read', 'form_fill'])
    expect(find('release-notes')[0]?.allowed_tools).toEqual(['repo_log', 'repo_diff'])
    expect(find('windows-notes')[0]?.allowed_tools).toEqual(['notes_read'])
    const { bundle } = await prompt()
    expect(bundle.toolGrants).toContain('repo_diff')
    expect(bundle.toolGrants).not.toContain('delete_everything')
  })

  it('render: bodies as they are, hidden and gated ones not at all', async () => {
    const { system } = await prompt()
    expect(system).toContain('### 🌤️ weather\n\nAsk the weather service for the place')
    expect(system).toContain('2. Run `skills/form-filler/scripts/fill.py` with the table.')
    expect(system).toContain('### windows-notes\n\nLine one.')
    expect(system).toContain('### Old Style')
    expect(system).toContain('### house-style')
    for (const hidden of ['Only a person calls this', 'Write one note per thought', 'Never seen', 'torn'])
      expect([hidden, system.includes(hidden)]).toEqual([hidden, false])
  })

  it('let their files be read, texts alone and none that is not theirs', async () => {
    const { bundle } = await prompt()
    const read = (path: string) => bundle.skillFiles?.read(path)
    expect(await read('form-filler/references/fields.md')).toEqual({ text: expect.stringContaining('# Fields') })
    expect(await read('form-filler/scripts/fill.py')).toEqual({ text: 'print("filled")\n' })
    for (const path of ['form-filler/assets/blank.bin', 'form-filler/../../config.yaml', 'danger-zone/SKILL.md'])
      expect([path, await read(path)]).toEqual([path, expect.objectContaining({ fault: 'unknown' })])
  })
})
