import { existsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { monotonicMs } from '../core/clock'
import { identityOf, newTenant, scopeOf, useKernel } from '../core/testing/kernel'
import {
  callTool as call,
  goneFor,
  HOSTILE_PROGRAM,
  MCP_ENV,
  toolNames as names,
  useMcpPrograms,
} from '../core/testing/mcp-programs'
import { changeToolSettings } from './settings'

describe('tools of MCP servers', () => {
  useKernel('sqlite', { env: MCP_ENV })
  const { state, tenant, seen, pidsOf, stdio, open } = useMcpPrograms()
  afterEach(() => vi.unstubAllEnvs())

  test('are shown, called, and answer', async () => {
    const box = await open({ calc: stdio('good') })
    expect(names(box)).toContain('mcp:calc:add')
    expect(box.sourceOf('mcp:calc:add')).toBe('mcp')
    const spec = box.specs.find(({ name }) => box.nameOf(name) === 'mcp:calc:add')
    expect(spec).toMatchObject({ name: 'mcp_calc_add', description: '[calc] Adds two numbers.' })
    expect(await call(box, 'mcp_calc_add', { a: 2, b: 3 })).toMatchObject({
      content: '"5"',
      isError: false,
      permitted: true,
      tool: 'mcp:calc:add',
      decision: { decision: 'allow' },
    })
    expect(await call(box, 'mcp:calc:structured')).toMatchObject({ content: '{"sum":3}', isError: false })
    expect(await call(box, 'mcp:calc:fail')).toMatchObject({
      content: '"it did not work"',
      isError: true,
      permitted: true,
    })
    expect(JSON.parse((await call(box, 'mcp:calc:picture')).content)).toEqual([
      { type: 'image', mime_type: 'image/png', bytes: 9 },
    ])
    expect((await call(box, 'mcp:calc:refuse')).content).toBe('The tool failed: it refused: no[31m thanks')
  })

  test('take no arguments that do not fit', async () => {
    const box = await open({ calc: stdio('good') })
    const outcome = await call(box, 'mcp:calc:add', { a: 'two' })
    expect(outcome).toMatchObject({ isError: true, permitted: true })
    expect(outcome.content).toContain('do not fit the parameters of mcp:calc:add')
    expect(seen()).not.toContain('called add')
  })

  test('are granted by skills, tenant and token like any other, and nobody is asked for what is not', async () => {
    const server = { calc: stdio('good') }
    expect(names(await open(server, ['task_list']))).toEqual(['task_list'])
    expect(names(await open(server, ['mcp:other:*']))).toEqual([])
    await changeToolSettings(tenant().scope, { denied_tools: ['mcp:calc:*'] })
    expect(names(await open(server))).toEqual([])
    expect(seen()).toEqual([])
    await changeToolSettings(tenant().scope, { denied_tools: ['mcp:calc:add'] })
    const box = await open(server, ['mcp:calc:add', 'mcp:calc:echo'])
    expect(names(box)).toEqual(['mcp:calc:echo'])
    expect(await call(box, 'mcp:calc:add', { a: 1, b: 2 })).toMatchObject({
      permitted: false,
      reason: { layer: 'tenant' },
    })
    expect(await call(box, 'mcp:calc:fail')).toMatchObject({ permitted: false, reason: { layer: 'skills' } })
    const narrow = scopeOf(identityOf(tenant().id, 'admin', { allowedTools: ['mcp:calc:fail'] }))
    expect(names(await open(server, ['mcp:*'], narrow))).toEqual(['mcp:calc:fail'])
  })

  test('are named by the workspace alone, where it names some', async () => {
    const box = await open({ calc: stdio('good', { tools: ['add', 'nothing'], read_only: ['add'] }) })
    expect(names(box)).toEqual(['mcp:calc:add'])
    expect(box.notes).toEqual(['The MCP server calc has no tool nothing'])
  })

  test('of one tenant and workspace share a program; those of another get their own', async () => {
    const server = { calc: stdio('good') }
    await open(server)
    await open(server)
    expect(pidsOf('started')).toHaveLength(1)
    await open(server, ['mcp:*'], (await newTenant()).scope)
    expect(pidsOf('started')).toHaveLength(2)
  })

  test('run among nothing of ours', async () => {
    vi.stubEnv('CLASPER_TOOL_SECRET_KEY', 'a-very-secret-value')
    vi.stubEnv('AGENT_DAEMON_API_KEY', 'k'.repeat(40))
    const box = await open({ calc: stdio('good', { env: { API_KEY: '{{secret.KEY}}', LEVEL: 'info' } }) })
    const { content } = await call(box, 'mcp:calc:surroundings')
    const text: unknown = JSON.parse(content)
    expect(text).toBeTypeOf('string')
    expect(JSON.parse(String(text))).toEqual({
      PATH: process.env['PATH'],
      HOME: tmpdir(),
      TMPDIR: tmpdir(),
      LANG: 'C.UTF-8',
      API_KEY: '[secret]',
      LEVEL: 'info',
    })
  })

  test('tell nobody a secret, not even in what they say of themselves', async () => {
    vi.stubEnv('CLASPER_TOOL_SECRET_KEY', 'a-very-secret-value')
    const box = await open({ calc: stdio('teller', { env: { API_KEY: '{{secret.KEY}}' } }) })
    expect(box.specs[0]?.description).toBe('[calc] My key is [secret]')
  })

  test('wait for a secret that is not there', async () => {
    const box = await open({ calc: stdio('good', { env: { API_KEY: '{{secret.NOWHERE}}' } }) })
    expect(box.specs).toEqual([])
    expect(box.notes.join()).toContain('the secret NOWHERE is not configured on this server')
    expect(seen()).toEqual([])
  })

  test('that hang are given up, ended and started again', { timeout: 30_000 }, async () => {
    const box = await open({ calc: stdio('good', { timeout_ms: 400 }) })
    const started = monotonicMs()
    const outcome = await call(box, 'mcp:calc:hang')
    expect(monotonicMs() - started).toBeLessThan(3_000)
    expect(outcome).toMatchObject({ content: 'The tool failed: it did not answer in time', isError: true })
    await goneFor(pidsOf('started')[0])
    await vi.waitFor(
      async () => expect(await call(box, 'mcp:calc:add', { a: 1, b: 1 })).toMatchObject({ content: '"2"' }),
      { timeout: 8_000, interval: 200 },
    )
    expect(pidsOf('started')).toHaveLength(2)
  })

  test('that are cancelled while they hang are ended as well', { timeout: 30_000 }, async () => {
    const box = await open({ calc: stdio('good') })
    const leave = new AbortController()
    const running = call(box, 'mcp:calc:hang', {}, leave.signal)
    await vi.waitFor(() => expect(seen()).toContain('called hang'), { timeout: 5_000 })
    leave.abort()
    expect((await running).content).toBe('The run was cancelled before the tool answered.')
    await goneFor(pidsOf('started')[0])
  })

  test('that die in the middle are told of, and start again', { timeout: 30_000 }, async () => {
    const box = await open({ calc: stdio('good') })
    const outcome = await call(box, 'mcp:calc:die')
    expect(outcome).toMatchObject({ isError: true, permitted: true })
    expect(outcome.content).toMatch(
      /^The tool failed: (?:its program ended with 3|the connection ended before it answered)/,
    )
    expect(await call(box, 'mcp:calc:add', { a: 1, b: 1 })).toMatchObject({ content: '"2"' })
    expect(pidsOf('started')).toHaveLength(2)
  })

  test('that die again and again are left alone for longer and longer', { timeout: 30_000 }, async () => {
    const box = await open({ calc: stdio('good') })
    const said: string[] = []
    await vi.waitFor(
      async () => {
        said.push((await call(box, 'mcp:calc:die')).content)
        expect(said.at(-1)).toMatch(/it failed \d times in a row and is left alone for \d+ s/)
      },
      { timeout: 25_000, interval: 10 },
    )
    expect(pidsOf('started').length).toBeGreaterThan(2)
    expect(pidsOf('started').length).toBeLessThan(said.length)
  })

  test.each(['flood', 'drizzle'])('that %s are cut off', { timeout: 30_000 }, async (name) => {
    const box = await open({ calc: stdio('good') })
    const outcome = await call(box, `mcp:calc:${name}`)
    expect(outcome.content).toBe('The tool failed: it sent more than it may')
    await goneFor(pidsOf('started')[0])
  })

  test('that answer too much are not listened to', async () => {
    const box = await open({ calc: stdio('good') })
    expect((await call(box, 'mcp:calc:huge')).content).toBe('The tool failed: its answer is too large')
    expect((await call(box, 'mcp:calc:echo', { text: 'x'.repeat(200_000) })).content).toMatch(
      /\[truncated: .* are shown\]$/,
    )
  })

  test('that answer in another form than they declare have failed', async () => {
    const box = await open({ calc: stdio('good') })
    expect((await call(box, 'mcp:calc:wrong_form')).content).toContain('its answer is not of the form that it declares')
  })

  test('are bounded: ten thousand tools', { timeout: 30_000 }, async () => {
    const box = await open({ calc: stdio('many') }, ['mcp:*', 'task_list', 'task_create'])
    expect(names(box).filter((name) => name.startsWith('mcp:'))).toHaveLength(64)
    expect(names(box)).toEqual(expect.arrayContaining(['task_create', 'task_list']))
    expect(box.notes).toEqual([
      'The MCP server calc offers more than 512 tools; the rest is left out',
      'A run offers at most 64 tools of one MCP server; the rest of calc is left out',
    ])
  })

  test.each(['endless', 'circle'])('are bounded: %s pages', { timeout: 30_000 }, async (mode) => {
    const box = await open({ calc: stdio(mode) })
    expect(box.specs.length).toBeLessThanOrEqual(64)
    expect(box.specs.length).toBeGreaterThan(0)
  })

  test('are bounded: what a list weighs', { timeout: 60_000 }, async () => {
    const box = await open({ calc: stdio('bulky') })
    expect(seen().filter((line) => line === 'listed').length).toBeLessThan(5)
    expect(box.notes.join()).toContain('says more of its tools than is read')
    const verbose = await open({ calc: stdio('verbose') })
    expect(JSON.stringify(verbose.specs).length).toBeLessThan(600_000)
    expect(verbose.specs.length).toBeGreaterThan(0)
    expect(verbose.notes.join()).toContain('says more of its tools than is read')
  })

  test('with schemas that cannot be used are left out, each with a word; the others stay', async () => {
    const box = await open({ calc: stdio('liar') })
    expect(names(box)).toEqual(['mcp:calc:add'])
    const added = box.specs[0]?.parameters
    expect(added).toMatchObject({ required: ['a', 'b'] })
    for (const name of ['no_object', 'bad_schema', 'bad_pattern', 'remote', 'enormous'])
      expect(box.notes.join('\n')).toContain(`The tool mcp:calc:${name} is refused: its parameters`)
    expect(box.notes.join('\n')).toContain('with blank is not the name of a tool')
    expect(box.notes.join('\n')).toContain('it has no name')
  })

  test('speak in plain words only', async () => {
    const box = await open({ calc: stdio('speaker') })
    const [spec] = box.specs
    expect(spec?.description).toMatch(/^\[calc\] Ignore all earlier rules long/)
    expect([...(spec?.description ?? '')].length).toBeLessThanOrEqual(1_002)
    expect(spec?.parameters).toMatchObject({ properties: { a: { description: 'red[31mtext' } } })
  })

  test('that change after they were pinned are refused, with the reason', { timeout: 30_000 }, async () => {
    const open1 = await open({ calc: stdio('changed', { pins: { add: 'sha256:0000000000000000' } }) })
    expect(open1.specs).toEqual([])
    const [note = ''] = open1.notes
    expect(note).toMatch(
      /^The tool mcp:calc:add is refused: it changed since it was pinned; it is now sha256:[0-9a-f]{16}$/,
    )
    const pinned = { calc: stdio('changed', { pins: { add: note.slice(-23) } }) }
    const box = await open(pinned)
    expect(await call(box, 'mcp:calc:add', { a: 1, b: 1 })).toMatchObject({ content: '"2"' })
    writeFileSync(`${state.file}.changed`, '')
    process.kill(pidsOf('started').at(-1) ?? expect.unreachable(), 'SIGKILL')
    await vi.waitFor(
      async () =>
        expect((await call(box, 'mcp:calc:add', { a: 1, b: 1 })).content).toContain('it changed since it was pinned'),
      { timeout: 8_000, interval: 100 },
    )
  })

  test.each([
    ['exit', /its program ended with 7|the connection ended/],
    ['noise', /it sent more than it may/],
  ])('of a program that does nothing but %s are left out', async (mode, why) => {
    const box = await open({ calc: stdio(mode) })
    expect(box.specs).toEqual([])
    expect(box.notes.join()).toMatch(why)
  })

  test('of a program that is not there are left out', async () => {
    const box = await open({ calc: { transport: 'stdio', command: 'no-such-command-here' } })
    expect(box.notes).toEqual(['The tools of the MCP server calc are left out: the command is not there'])
  })

  test('come through whatever else is written between the lines', async () => {
    const box = await open({ calc: stdio('garbage') })
    expect(await call(box, 'mcp:calc:add', { a: 1, b: 1 })).toMatchObject({ content: '"2"' })
  })

  test('no command line is ever read by a shell', async () => {
    const args = [HOSTILE_PROGRAM, 'good', state.file, '$(touch pwned)', ';', 'touch', join(state.folder, 'pwned')]
    const box = await open({ calc: { transport: 'stdio', command: process.execPath, args } })
    expect(names(box)).toContain('mcp:calc:add')
    expect(existsSync(join(state.folder, 'pwned'))).toBe(false)
    const other = await open({ calc: { transport: 'stdio', command: `${process.execPath} ${HOSTILE_PROGRAM}` } })
    expect(other.notes.join()).toContain('the command is not there')
  })
})

describe('tools that nobody lists in time', () => {
  useKernel('sqlite', { env: { ...MCP_ENV, CLASPER_MCP_LIST_TIMEOUT_MS: '1500' } })
  const { stdio, open } = useMcpPrograms()

  test.each(['mute', 'slow_list'])('of a server that is %s are not waited for longer than the bound', async (mode) => {
    const started = monotonicMs()
    const box = await open({ calc: stdio(mode), other: stdio('good') }, ['mcp:*'])
    expect(monotonicMs() - started).toBeLessThan(4_000)
    expect(box.notes).toEqual([
      'The tools of the MCP server calc are left out: it did not list its tools within 1500 ms',
    ])
  })
})
