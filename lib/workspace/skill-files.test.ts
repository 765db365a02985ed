import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { type TestFolder, useFolder } from '@/lib/core/testing/folder'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { parseSkill, thisHost } from '@/lib/skills'
import { type Bundle, composePrompt, loadBundle } from '.'
import { attachments, readAgain } from './attachments'
import type { FolderRead } from './read-folder'
import { skillShelf } from './skill-files'
import type { Entry } from './walk-folder'

const skill = (name: string, more = '') => `---\nname: ${name}\ndescription: Does ${name}\n${more}---\n\nDo ${name}.\n`
const sha = (text: string) => createHash('sha256').update(text).digest('hex')

const entryAt = (path: string, size = 1): Entry => ({
  name: path.split('/').at(-1) ?? '',
  path,
  full: `/nowhere/${path}`,
  kind: 'file',
  size,
})

// A folder as it was read, without a folder.
const readOf = (texts: Readonly<Record<string, string>>): FolderRead => ({
  files: new Map(
    Object.entries(texts).map(([path, text]) => [
      path,
      { path, sha256: sha(text), size: text.length, attachment: { full: `/nowhere/${path}`, text } },
    ]),
  ),
  skills: [...new Set(Object.keys(texts).map((path) => path.split('/').slice(0, 2).join('/')))].map((folder) => ({
    folder,
    source: 'workspace',
    files: Object.keys(texts)
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => entryAt(path)),
  })),
  hasBootMarker: false,
  refused: [],
  stamps: [],
  isFresh: false,
})

const parsed = (folder: string, text: string) =>
  parseSkill(
    { folder, source: 'workspace', text, files: [] },
    thisHost(() => false),
  )

describe('names of skill files', () => {
  const read = readOf({ 'skills/a/b/c.md': 'of a', 'skills/x/c.md': 'of x', 'skills/hidden/c.md': 'hidden' })
  const shelf = skillShelf(read, [
    parsed('skills/a', skill('a')),
    parsed('skills/x', skill('skills/a/b')),
    parsed('skills/hidden', skill('hidden', 'disable-model-invocation: true\n')),
  ])

  it.each([
    ['skills/a/b/c.md', 'of a'],
    ['a/b/c.md', 'of a'],
    ['skills/x/c.md', 'of x'],
    ['skills/a/SKILL.md', 'Do a.'],
    ['a/SKILL.md', 'Do a.'],
  ])('%s is found', async (path, text) => expect(await shelf.read(path)).toEqual({ text }))

  it.each([
    ...[
      '',
      '/',
      '.',
      '..',
      'a',
      'c.md',
      './a/b/c.md',
      'a//b/c.md',
      'a/b/../b/c.md',
      'a/b/c.md/',
      ' a/b/c.md',
      'A/b/c.md',
    ],
    ...['/etc/passwd', '../../etc/passwd', 'skills/hidden/c.md', 'hidden/c.md', 'hidden/SKILL.md', '__proto__'],
    ...['a/b/c.md\0', 'a%2fb%2fc.md', 'a\\b\\c.md', '/nowhere/skills/a/b/c.md', 'skills/a/b'],
  ])('%j is not', async (path) => expect(await shelf.read(path)).toMatchObject({ fault: 'unknown' }))

  it('no other name finds anything', async () => {
    const known = [
      'skills/a/b/c.md',
      'a/b/c.md',
      'skills/x/c.md',
      'skills/a/SKILL.md',
      'a/SKILL.md',
      'skills/x/SKILL.md',
    ]
    const part = fc.constantFrom('a', 'b', 'c.md', 'x', 'skills', '..', '.', 'SKILL.md', 'hidden', '')
    const path = fc.array(part, { maxLength: 6 }).map((parts) => parts.join('/'))
    await fc.assert(
      fc.asyncProperty(path, async (name) => {
        fc.pre(!known.includes(name) && name !== 'skills/a/b/SKILL.md')
        expect(await shelf.read(name)).toMatchObject({ fault: 'unknown' })
      }),
    )
  })

  it('an incomplete path is told what it may have meant, and never what is hidden', async () => {
    expect(await shelf.read('c.md')).toMatchObject({ near: ['skills/a/b/c.md', 'skills/x/c.md'] })
    expect(await shelf.read('a')).toMatchObject({ near: ['skills/a/SKILL.md', 'skills/a/b/c.md'] })
    expect(await shelf.read('hidden')).toMatchObject({ near: [] })
  })

  it('has more only where a visible skill has', () => {
    expect(shelf.hasMore).toBe(true)
    expect(skillShelf(read, []).hasMore).toBe(false)
    const hidden = [parsed('skills/hidden', skill('hidden', 'disable-model-invocation: true\n'))]
    expect(skillShelf(read, hidden)).toMatchObject({ hasMore: false, weight: 0 })
  })
})

describe('files of skills in a folder', () => {
  const root = useFolder()
  useKernel('sqlite', { env: { CLASPER_WORKSPACES: root.at('tenants') } })
  let tenant: TestTenant
  let folder: TestFolder

  beforeEach(async () => {
    tenant = await newTenant()
    folder = root.below(`tenants/${tenant.id}/default`)
  })

  const load = (): Promise<Bundle> => loadBundle(tenant.scope)
  const read = async (path: string, bundle?: Bundle) => (bundle ?? (await load())).skillFiles?.read(path)

  it('are read as they are: references, assets, scripts, without the mark at their beginning', async () => {
    folder.write({
      'skills/alpha/SKILL.md': skill('alpha').replace('Do alpha.', 'Run {baseDir}/scripts/run.sh.'),
      'skills/alpha/references/rules.md': '\ufeff# Rules\n\nÄ 😀\n',
      'skills/alpha/assets/data.csv': 'a,b\r\n1,2\r\n',
      'skills/alpha/scripts/run.sh': '#!/bin/sh\necho {baseDir}\n',
      '.agents/skills/beta/SKILL.md': skill('beta'),
      'MEMORY.md': 'memory',
    })
    expect(await read('alpha/references/rules.md')).toEqual({ text: '# Rules\n\nÄ 😀\n' })
    expect(await read('skills/alpha/assets/data.csv')).toEqual({ text: 'a,b\r\n1,2\r\n' })
    expect(await read('alpha/scripts/run.sh')).toEqual({ text: '#!/bin/sh\necho {baseDir}\n' })
    expect(await read('skills/alpha/SKILL.md')).toEqual({ text: 'Run skills/alpha/scripts/run.sh.' })
    expect(await read('.agents/skills/beta/SKILL.md')).toEqual({ text: 'Do beta.' })
    for (const path of ['MEMORY.md', 'alpha/../../MEMORY.md', 'skills/../MEMORY.md', folder.at('MEMORY.md')])
      expect(await read(path)).toMatchObject({ fault: 'unknown' })
  })

  it('are offered where there is more than the prompt holds', async () => {
    folder.write({ 'AGENTS.md': 'rules' })
    expect((await load()).skillFiles).toBeNull()
    folder.write({ 'skills/alpha/SKILL.md': skill('alpha') })
    expect((await load()).skillFiles).toBeNull()
    writeFileSync(folder.at('skills/alpha/picture.png'), Buffer.from([0x50, 0x4e, 0, 1]))
    writeFileSync(folder.at('skills/alpha/latin.txt'), Buffer.from([0x68, 0xe9]))
    expect((await load()).skillFiles).toBeNull()
    folder.write({ 'skills/alpha/references/rules.md': 'rules' })
    expect(await read('alpha/picture.png')).toMatchObject({ fault: 'unknown' })
    expect(await read('alpha/latin.txt')).toMatchObject({ fault: 'unknown' })
    expect(await read('alpha/references/rules.md')).toEqual({ text: 'rules' })
  })

  it('of skills that are off or not for the model are not there', async () => {
    const off = 'metadata: {"openclaw": {"requires": {"bins": ["no-such-program-here"]}}}\n'
    folder.write({
      'skills/off/SKILL.md': skill('off', off),
      'skills/off/references/rules.md': 'off',
      'skills/hidden/SKILL.md': skill('hidden', 'disable-model-invocation: true\n'),
      'skills/hidden/references/rules.md': 'hidden',
    })
    expect((await load()).skillFiles).toBeNull()
  })

  it('a catalog is enough: the instructions it names can be read whole', async () => {
    folder.write({ 'skills/long/SKILL.md': `${skill('long')}${'x'.repeat(18_000)}` })
    const bundle = await load()
    const { notes, system } = await composePrompt(tenant.scope, bundle, {
      role: 'agent',
      isHeartbeat: false,
      message: 'hi',
    })
    expect(notes.skills).toBe('catalog')
    const [, location = ''] = /<location>(.*)<\/location>/.exec(system) ?? []
    expect(await read(location, bundle)).toEqual({ text: `Do long.\n${'x'.repeat(18_000)}` })
  })

  it('a run keeps what it began with, the next one sees the change', async () => {
    folder.write({ 'skills/alpha/SKILL.md': skill('alpha'), 'skills/alpha/references/rules.md': 'old' })
    const before = await load()
    folder.write({ 'skills/alpha/references/rules.md': 'new' })
    const after = await load()
    expect(after.hash).not.toBe(before.hash)
    expect(await read('alpha/references/rules.md', before)).toEqual({ text: 'old' })
    expect(await read('alpha/references/rules.md', after)).toEqual({ text: 'new' })
  })

  it('links that leave the folder of the skill are not followed, those inside are', async () => {
    folder.write({
      'skills/alpha/SKILL.md': skill('alpha'),
      'skills/alpha/references/rules.md': 'rules',
      'skills/alphabet/SKILL.md': skill('alphabet'),
      'skills/alphabet/rules.md': 'other',
      'memory/2020-01-01.md': 'diary',
      '.env': 'KEY=secret',
    })
    symlinkSync('../../.env', folder.at('skills/alpha/env.md'))
    symlinkSync('../../memory', folder.at('skills/alpha/days'))
    symlinkSync('../alphabet/rules.md', folder.at('skills/alpha/other.md'))
    symlinkSync('references/rules.md', folder.at('skills/alpha/again.md'))
    symlinkSync('/etc/hostname', folder.at('skills/alpha/host.md'))
    for (const path of ['env.md', 'days/2020-01-01.md', 'other.md', 'host.md'])
      expect(await read(`alpha/${path}`)).toMatchObject({ fault: 'unknown' })
    expect(await read('alpha/again.md')).toEqual({ text: 'rules' })
  })

  it('never come from another tenant', async () => {
    folder.write({ 'skills/alpha/SKILL.md': skill('alpha'), 'skills/alpha/references/rules.md': 'mine' })
    const other = await newTenant()
    root.below(`tenants/${other.id}/default`).write({ 'skills/beta/SKILL.md': skill('beta'), 'skills/beta/x.md': 'x' })
    const { skillFiles } = await loadBundle(other.scope)
    expect(await skillFiles?.read('alpha/references/rules.md')).toMatchObject({ fault: 'unknown' })
  })

  it('beyond four mebibytes are read again, and told to have changed when they did', async () => {
    const page = (at: number) => `${at}`.repeat(1_000_000)
    const pages = Array.from({ length: 6 }, (_, at) => [`skills/alpha/references/${at}.md`, page(at)] as const)
    folder.write({ 'skills/alpha/SKILL.md': skill('alpha'), ...Object.fromEntries(pages) })
    const bundle = await load()
    expect(bundle.folder.skillFiles.weight).toBe(4_000_000)
    for (const [path, text] of pages) expect(await read(path, bundle)).toEqual({ text })
    rmSync(folder.at('skills/alpha/references'), { recursive: true })
    mkdirSync(folder.at('skills/alpha/references'))
    const answers = await Promise.all(pages.map(([path]) => read(path, bundle)))
    expect(answers.filter((answer) => answer && 'text' in answer)).toHaveLength(4)
    expect(answers.filter((answer) => answer && 'fault' in answer)).toEqual([
      { fault: 'changed' },
      { fault: 'changed' },
    ])
  })
})

describe('files of skills with smart context', () => {
  const root = useFolder()
  useKernel('sqlite', { env: { CLASPER_WORKSPACES: root.at('tenants'), CLASPER_SMART_CONTEXT: 'true' } })

  it('can be read as soon as a skill is listed', async () => {
    const { id, scope } = await newTenant()
    const folder = root.below(`tenants/${id}/default`)
    folder.write({ 'AGENTS.md': 'rules' })
    expect((await loadBundle(scope)).skillFiles).toBeNull()
    folder.write({ 'skills/alpha/SKILL.md': skill('alpha') })
    const { skillFiles } = await loadBundle(scope)
    expect(await skillFiles?.read('skills/alpha/SKILL.md')).toEqual({ text: 'Do alpha.' })
  })
})

describe('reading again', () => {
  const root = useFolder()

  it('gives what was hashed and nothing else', async () => {
    root.write({ 'a.md': '\ufeffrules', secret: 'secret' })
    expect(await readAgain(root.at('a.md'), sha('\ufeffrules'))).toBe('rules')
    root.write({ 'a.md': 'rulez' })
    expect(await readAgain(root.at('a.md'), sha('\ufeffrules'))).toBeNull()
    rmSync(root.at('a.md'))
    symlinkSync(root.at('secret'), root.at('a.md'))
    expect(await readAgain(root.at('a.md'), sha('rules'))).toBeNull()
    expect(await readAgain(root.at('missing'), sha('rules'))).toBeNull()
    expect(await readAgain('/dev/zero', sha('rules'))).toBeNull()
  })

  it('does not wait for a pipe', async () => {
    execFileSync('/usr/bin/env', ['mkfifo', root.at('pipe')])
    expect(await readAgain(root.at('pipe'), sha(''))).toBeNull()
  })

  it('keeps texts while there is room, and only those of the skill', async () => {
    root.write({ 'skills/a/one.md': '12345', 'skills/a/two.md': '123456', 'skills/a/three.md': '1', 'b.md': 'b' })
    const entries = ['one.md', 'two.md', 'three.md'].map((name) => ({
      ...entryAt(`skills/a/${name}`),
      full: root.at('skills/a', name),
    }))
    const attach = attachments(root.path, [{ folder: 'skills/a', source: 'workspace', files: entries }], 10)
    const kept = []
    for (const [at, text] of ['12345', '123456', '1'].entries()) {
      const entry = entries[at]
      if (entry) kept.push((await attach(entry, Buffer.from(text)))?.text)
    }
    expect(kept).toEqual(['12345', null, '1'])
    expect(await attach({ ...entryAt('b.md'), full: root.at('b.md') }, Buffer.from('b'))).toBeNull()
  })
})
