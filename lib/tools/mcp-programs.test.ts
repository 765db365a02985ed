import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { kernel } from '../core/kernel'
import { useKernel } from '../core/testing/kernel'
import {
  callTool as call,
  goneFor,
  HOSTILE_PROGRAM,
  isRunning,
  MCP_ENV,
  toolNames,
  useMcpPrograms,
} from '../core/testing/mcp-programs'

describe('programs of MCP servers', () => {
  useKernel('sqlite', { env: { ...MCP_ENV, CLASPER_MCP_IDLE_MS: '300' } })
  const { pidsOf, stdio, open } = useMcpPrograms()

  test('end when nobody has used them for a while, and start again when somebody does', {
    timeout: 30_000,
  }, async () => {
    const box = await open({ calc: stdio('good') })
    const [pid] = pidsOf('started')
    await goneFor(pid)
    expect(await call(box, 'mcp:calc:add', { a: 1, b: 1 })).toMatchObject({ content: '"2"' })
    expect(pidsOf('started')).toHaveLength(2)
  })
})

describe('a secret of a program', () => {
  useKernel('sqlite', { env: MCP_ENV })
  const { stdio, open } = useMcpPrograms()
  afterEach(() => vi.unstubAllEnvs())

  test('is given to none where it is for hosts alone', async () => {
    vi.stubEnv('CLASPER_TOOL_SECRET_KEY', 'a-very-secret-value')
    vi.stubEnv('CLASPER_TOOL_HOSTS_KEY', 'calc.example')
    const box = await open({ calc: stdio('good', { env: { API_KEY: '{{secret.KEY}}' } }) })
    expect(toolNames(box)).toEqual([])
    expect(box.notes.join()).toContain('the secret KEY is not configured on this server for programs')
  })

  test('is found before a text is cut in the middle of it', async () => {
    vi.stubEnv('CLASPER_TOOL_SECRET_KEY', 'a-very-secret-value-that-is-long-enough')
    const env = { API_KEY: '{{secret.KEY}}' }
    const box = await open({ calc: stdio('cutter', { env }), other: stdio('good', { env }) })
    expect(toolNames(box)).toContain('mcp:calc:add')
    expect(JSON.stringify(box.specs)).not.toContain('a-ver')
    expect((await call(box, 'mcp:other:cut_refusal')).content).toMatch(/^The tool failed: it refused: x+ \[secret\]?/)
  })
})

describe('the end of the server', () => {
  useKernel('sqlite', { env: MCP_ENV })
  const { pidsOf, stdio, open } = useMcpPrograms()

  test('leaves no program behind: none that will not go, and none that another one started', {
    timeout: 30_000,
  }, async () => {
    await open({ one: stdio('family'), two: stdio('stubborn'), three: stdio('mute') })
    const pids = [...pidsOf('started'), ...pidsOf('child')]
    expect(pids).toHaveLength(4)
    expect(pids.every(isRunning)).toBe(true)
    await kernel().stop()
    for (const pid of pids) await goneFor(pid)
  })
})

describe.each([
  [{ NODE_ENV: 'production' }, /not started in production unless CLASPER_MCP_STDIO is on/],
  [{ CLASPER_MCP_STDIO: 'off' }, /switched off on this host/],
  [{ CLASPER_MCP_COMMANDS: 'npx -y, uvx' }, /its command is none of CLASPER_MCP_COMMANDS/],
])('where %o', (env, why) => {
  const production = { NEXTAUTH_URL: 'https://clasper.example', CLASPER_PROFILE: '' }
  useKernel('sqlite', { env: { ...MCP_ENV, ...production, ...env } as Record<string, string> })
  const { seen, stdio, open } = useMcpPrograms()

  test('no program is started', async () => {
    const box = await open({ calc: stdio('good') })
    expect(box.specs).toEqual([])
    expect(box.notes.join()).toMatch(why)
    expect(seen()).toEqual([])
  })
})

describe('in production, where it is allowed', () => {
  const line = `${process.execPath} e2e/clients/hostile-mcp.mjs`
  const env = {
    NODE_ENV: 'production',
    NEXTAUTH_URL: 'https://clasper.example',
    CLASPER_MCP_STDIO: 'on',
    CLASPER_MCP_COMMANDS: `npx -y, ${line.split(' ')[0]}`,
  }
  useKernel('sqlite', { env: { ...MCP_ENV, ...env } })
  const { stdio, open } = useMcpPrograms()

  test('a program of the list is started', async () => {
    expect(toolNames(await open({ calc: stdio('good') }))).toContain('mcp:calc:add')
  })
})

describe('a server that is killed', () => {
  useKernel('sqlite', { env: MCP_ENV })
  const { state, pidsOf } = useMcpPrograms()

  // One that leaves when nobody speaks to it any more, one that would not, and one that has started another.
  test.each(['good', 'stubborn', 'family'])('takes a program that is %s with it', { timeout: 60_000 }, async (mode) => {
    const line = resolve('lib/mcp/stdio-line.ts')
    const how = { command: process.execPath, args: [HOSTILE_PROGRAM, mode, state.file], env: {} }
    const code = `const { stdioLine } = await import(${JSON.stringify(line)}); await stdioLine(${JSON.stringify(how)}).transport.start(); setInterval(() => {}, 1000)`
    const parent = spawn(
      process.execPath,
      ['--conditions=react-server', '--import', 'tsx', '--input-type=module', '-e', code],
      { env: { NODE_ENV: 'test', PATH: process.env['PATH'] ?? '' }, stdio: 'ignore' },
    )
    await vi.waitFor(() => expect(pidsOf('started')).toHaveLength(1), { timeout: 40_000, interval: 100 })
    if (mode === 'family') await vi.waitFor(() => expect(pidsOf('child')).toHaveLength(1), { timeout: 5_000 })
    const pids = [...pidsOf('started'), ...pidsOf('child')]
    expect(pids.every(isRunning)).toBe(true)
    parent.kill('SIGKILL')
    for (const pid of pids) await goneFor(pid)
  })
})
