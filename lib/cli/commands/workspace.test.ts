import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import * as compared from '@/app/(api)/workspace/[workspaceId]/diff/route'
import * as download from '@/app/(api)/workspace/[workspaceId]/versions/[hash]/download/route'
import * as versions from '@/app/(api)/workspace/[workspaceId]/versions/route'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { type ConsoleServer, startConsole } from '@/lib/core/testing/console-server'
import { type TestFolder, useFolder } from '@/lib/core/testing/folder'
import { identityOf, scopeOf, useKernel } from '@/lib/core/testing/kernel'
import { loadBundle } from '@/lib/workspace'
import { workspace } from './workspace'

const KEY = 'daemon-key-of-the-tests'
const STATE = '.clasper-workspace.json'

describe('clasper workspace', () => {
  const root = useFolder()
  useKernel('sqlite', {
    env: { AGENT_DAEMON_API_KEY: KEY, CLASPER_DEFAULT_TENANT_ID: 'cli', CLASPER_WORKSPACES: root.at('tenants') },
  })
  let server: ConsoleServer
  let here: TestFolder
  const said: string[] = []
  const terminal = {
    out: (line: string) => void said.push(line),
    err: (line: string) => void said.push(line),
    cwd: '/',
  }
  const state = { at: 0, workspace: 'w' }

  beforeAll(async () => {
    const cli = { id: 'cli', name: 'cli', createdAt: new Date('2026-01-01') }
    await systemWrite(({ client }) => client.tenant.create({ data: cli }))
    server = await startConsole({
      '/workspace/[workspaceId]/versions': versions,
      '/workspace/[workspaceId]/versions/[hash]/download': download,
      '/workspace/[workspaceId]/diff': compared,
    })
  })
  beforeEach(() => {
    state.at += 1
    state.workspace = `w${state.at}`
    here = root.below(`here-${state.at}`)
    mkdirSync(here.path)
    vi.stubEnv('AGENT_DAEMON_API_KEY', KEY)
    vi.stubEnv('AGENT_DAEMON_URL', server.url)
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await server.close()
  })

  const clasper = async (verb: string, folder: string, ...words: string[]) => {
    said.length = 0
    const code = await workspace.run([verb, folder, '--workspace', state.workspace, ...words], terminal)
    return { code, text: said.join('\n') }
  }
  const fails = (...words: Parameters<typeof clasper>) =>
    clasper(...words).then(
      ({ code, text }) => `${code} ${text}`,
      (error: Error) => error.message,
    )
  const hashes = async () => {
    const rows = await systemDb().workspaceVersion.findMany({
      where: { workspaceId: state.workspace },
      orderBy: { createdAt: 'asc' },
    })
    return rows.map(({ hash }) => hash)
  }
  const write = (folder: TestFolder, files: Record<string, string | Buffer>) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(folder.at(path)), { recursive: true })
      writeFileSync(folder.at(path), content)
    }
  }
  const FILES = {
    'AGENTS.md': 'rules\r\n',
    'logo.png': Buffer.from([0, 1, 255]),
    'skills/a/SKILL.md': '---\nname: a\ndescription: d\n---\nx',
    'skills/a/run.sh': 'echo',
  }

  it('pushes a folder as the version that a run would meet in it', async () => {
    write(here, { ...FILES, '.env': 'secret', 'node_modules/x/y': 'x' })
    chmodSync(here.at('skills/a/run.sh'), 0o755)
    expect(await fails('push', here.path)).toContain('not_found')
    const pushed = await clasper('push', here.path, '-m', 'begin', '--create')
    expect(pushed).toMatchObject({ code: 0, text: expect.stringMatching(/^Saved [0-9a-f]{16} \(4 files\)/) })
    write(root.below(`tenants/cli/${state.workspace}`), FILES)
    const scope = scopeOf(identityOf('cli'))
    expect(await hashes()).toEqual([(await loadBundle(scope, state.workspace)).hash])
    expect((await clasper('push', here.path)).text).toMatch(/^Known already/)
    const row = await systemDb().workspaceVersion.findFirst({ where: { workspaceId: state.workspace } })
    expect(row).toMatchObject({ message: 'begin', source: 'push', fileCount: 4 })
    expect(readFileSync(here.at(STATE), 'utf8')).not.toContain('secret')
  })

  it('pulls byte by byte, and touches nothing that is as it should be', async () => {
    write(here, FILES)
    chmodSync(here.at('skills/a/run.sh'), 0o755)
    await clasper('push', here.path, '--create')
    const there = root.below(`there-${state.at}`)
    const first = await clasper('pull', there.path)
    expect(first.text.split('\n').slice(0, 4)).toEqual([
      'A AGENTS.md',
      'A logo.png',
      'A skills/a/SKILL.md',
      'A skills/a/run.sh',
    ])
    for (const [path, content] of Object.entries(FILES))
      expect(readFileSync(there.at(path)).equals(Buffer.from(content))).toBe(true)
    expect(statSync(there.at('skills/a/run.sh')).mode & 0o111).not.toBe(0)
    const inodes = ['AGENTS.md', 'logo.png', STATE].map((path) => statSync(there.at(path)).ino)
    write(here, { 'AGENTS.md': 'new rules' })
    rmSync(here.at('skills'), { recursive: true })
    await clasper('push', here.path)
    write(there, { 'notes.txt': 'my own' })
    const second = await clasper('pull', there.path)
    expect(second.text.split('\n').slice(0, 3)).toEqual(['M AGENTS.md', 'D skills/a/SKILL.md', 'D skills/a/run.sh'])
    expect(existsSync(there.at('skills'))).toBe(false)
    expect(readFileSync(there.at('notes.txt'), 'utf8')).toBe('my own')
    expect(statSync(there.at('logo.png')).ino).toBe(inodes[1])
    expect(readFileSync(there.at(STATE), 'utf8')).toBe(readFileSync(here.at(STATE), 'utf8'))
    const marks = ['AGENTS.md', STATE].map((path) => statSync(there.at(path)).ino)
    expect((await clasper('pull', there.path)).text).toMatch(/^Nothing to do/)
    expect(['AGENTS.md', STATE].map((path) => statSync(there.at(path)).ino)).toEqual(marks)
  })

  it('overwrites nothing that was changed here, unless it is forced to', async () => {
    write(here, { 'A.md': '1', 'B.md': '1', 'C.md': '1', 'D.md': '1' })
    await clasper('push', here.path, '--create')
    const there = root.below(`there-${state.at}`)
    await clasper('pull', there.path)
    write(here, { 'A.md': '2', 'B.md': '2', 'E.md': 'e' })
    rmSync(here.at('C.md'))
    await clasper('push', here.path)
    write(there, { 'A.md': 'mine', 'C.md': 'mine', 'D.md': 'mine', 'E.md': 'mine' })
    const refused = await clasper('pull', there.path)
    expect(refused.code).toBe(1)
    for (const line of [
      'A.md was changed here',
      'C.md was changed here and deleted there',
      'E.md is here already and differs',
    ])
      expect(refused.text).toContain(line)
    expect(refused.text).not.toContain('D.md')
    expect(readFileSync(there.at('B.md'), 'utf8')).toBe('1')
    expect((await clasper('pull', there.path, '--force')).code).toBe(0)
    expect(['A.md', 'B.md', 'D.md', 'E.md'].map((path) => readFileSync(there.at(path), 'utf8'))).toEqual([
      '2',
      '2',
      '1',
      'e',
    ])
    expect(existsSync(there.at('C.md'))).toBe(false)
  })

  it('writes through no link that leads out, and over no folder, forced or not', async () => {
    write(here, { 'skills/a/SKILL.md': 'x', 'plain.md': 'x' })
    await clasper('push', here.path, '--create')
    const there = root.below(`there-${state.at}`)
    mkdirSync(root.at(`outside-${state.at}`))
    mkdirSync(there.at('plain.md'), { recursive: true })
    symlinkSync(root.at(`outside-${state.at}`), there.at('skills'))
    const refused = await clasper('pull', there.path, '--force')
    expect(refused.code).toBe(1)
    expect(refused.text).toContain('would be written through a link that leads out')
    expect(refused.text).toContain('plain.md is a folder here')
    expect(existsSync(root.at(`outside-${state.at}`, 'a'))).toBe(false)
  })

  it('refuses to push over what somebody else pushed, unless it is forced to', async () => {
    write(here, { 'A.md': '1' })
    await clasper('push', here.path, '--create')
    const there = root.below(`there-${state.at}`)
    await clasper('pull', there.path)
    write(here, { 'A.md': '2' })
    await clasper('push', here.path)
    write(there, { 'A.md': '3' })
    expect(await fails('push', there.path)).toMatch(/version_conflict[\s\S]*--force/)
    expect((await clasper('push', there.path, '--force')).code).toBe(0)
    expect(await hashes()).toHaveLength(3)
  })

  it('pushes no folder of which a part would be missing', async () => {
    write(here, { 'A.md': '1', 'big.md': 'x'.repeat(1_048_577) })
    symlinkSync('/etc/hostname', here.at('away.md'))
    const refused = await clasper('push', here.path, '--create')
    expect(refused.code).toBe(1)
    expect(refused.text).toContain('big.md is left out: it is larger than 1 MiB')
    expect(refused.text).toContain('away.md is a link that leaves the workspace')
    expect(await hashes()).toEqual([])
  })

  it('shows what differs, here and between versions', async () => {
    write(here, { 'A.md': 'one\ntwo\n', 'souls/x.md': 'x' })
    await clasper('push', here.path, '--create')
    expect(await clasper('diff', here.path, '--exit-code')).toEqual({ code: 0, text: '' })
    write(here, { 'A.md': 'one\n\tthree\u001b[31m\n', 'new.bin': Buffer.from([0, 1]) })
    const local = await clasper('diff', here.path, '--exit-code')
    expect(local.code).toBe(1)
    expect(local.text.split('\n')).toEqual([
      ...['--- a/A.md', '+++ b/A.md', '@@ -1,2 +1,2 @@', ' one', '-two', '+\tthree\\u001b[31m'],
      ...['--- /dev/null', '+++ b/new.bin', 'Binary, or too much to show.'],
    ])
    await clasper('push', here.path)
    const [from = '', to = ''] = await hashes()
    const remote = await clasper('diff', from.slice(0, 16), to.slice(0, 16))
    expect(remote.text).toContain('-two')
    expect(remote.code).toBe(0)
    await expect(clasper('diff', 'nonsense', to)).rejects.toThrow('names no version')
  })

  it('pulls an older version by its digits', async () => {
    write(here, { 'A.md': '1' })
    await clasper('push', here.path, '--create')
    write(here, { 'A.md': '2' })
    await clasper('push', here.path)
    const [first = ''] = await hashes()
    expect((await clasper('pull', here.path, '--version', first.slice(0, 8))).code).toBe(0)
    expect(readFileSync(here.at('A.md'), 'utf8')).toBe('1')
    expect(await fails('pull', here.path, '--version', 'f'.repeat(16))).toContain('not_found')
  })
})
