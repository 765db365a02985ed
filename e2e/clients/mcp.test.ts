import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createKey } from '@/lib/auth'
import { freePort } from '@/lib/cli/demo/ports'
import { ensureClients } from '@/lib/cli/tasks/clients'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { type McpHouse, startMcpHouse } from '@/lib/core/testing/mcp-house'
import { callTool, MCP_ENV, toolNames, useMcpPrograms } from '@/lib/core/testing/mcp-programs'
import { recordRun } from '@/lib/core/testing/recorded-run'

const LONG = 240_000
const at = (path: string) => join(import.meta.dirname, 'node_modules/@modelcontextprotocol', path)
const INSPECTOR = at('inspector/cli/build/cli.js')

beforeAll(async () => {
  if (!(await ensureClients())) throw new Error('The clients could not be installed.')
}, LONG)

describe('the inspector of the protocol, at our server', () => {
  useKernel('sqlite')
  const now: { house?: McpHouse; tenant?: TestTenant; key?: string } = {}
  beforeAll(async () => {
    now.house = await startMcpHouse()
  })
  afterAll(() => now.house?.close())
  beforeEach(async () => {
    now.tenant = await newTenant()
    const wanted = { name: 'inspector', scopes: ['read' as const], workspace_ids: [], expires_in_days: 1 }
    now.key = (await createKey(now.tenant.scope, wanted)).secret
  })

  const inspect = async (...words: string[]): Promise<Record<string, unknown>> => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        INSPECTOR,
        '--cli',
        `${now.house?.url}/mcp`,
        '--transport',
        'http',
        '--header',
        `X-Agent-Daemon-Key: ${now.key}`,
        ...words,
      ],
      { env: { NODE_ENV: 'test', PATH: process.env['PATH'] ?? '', NO_PROXY: '127.0.0.1' }, timeout: 60_000 },
    )
    return JSON.parse(stdout) as Record<string, unknown>
  }

  it('lists the tools', { timeout: LONG }, async () => {
    const { tools } = (await inspect('--method', 'tools/list')) as { tools: { name: string }[] }
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['list_traces', 'read_trace', 'cost_summary']))
  })

  it('calls one and reads what it says', { timeout: LONG }, async () => {
    const id = await recordRun((now.tenant ?? expect.unreachable()).scope, { word: 'zebra' })
    const words = ['--method', 'tools/call', '--tool-name', 'search_traces', '--tool-arg', 'q=zebra', 'limit=5']
    const { content } = (await inspect(...words)) as { content: { text: string }[] }
    expect(JSON.parse(content[0]?.text ?? '')).toMatchObject({ traces: [{ id }], limit: 5 })
  })

  it('reads resources', { timeout: LONG }, async () => {
    const id = await recordRun((now.tenant ?? expect.unreachable()).scope, { word: 'zebra' })
    const { resources } = (await inspect('--method', 'resources/list')) as { resources: { uri: string }[] }
    expect(resources.map(({ uri }) => uri)).toContain(`clasper://traces/${id}`)
    const read = await inspect('--method', 'resources/read', '--uri', `clasper://traces/${id}`)
    expect(JSON.stringify(read)).toContain('zebra')
  })
})

describe('the example servers of the protocol, used by our agents', () => {
  useKernel('sqlite', {
    env: {
      ...MCP_ENV,
      CLASPER_TOOL_TIMEOUT_MS: '20000',
      CLASPER_MCP_LIST_TIMEOUT_MS: '60000',
      CLASPER_TOOL_ALLOW_PRIVATE: 'true',
    },
  })
  const { open } = useMcpPrograms()
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'clasper-served-')))
  const node = (path: string, ...args: string[]) => ({
    transport: 'stdio',
    command: process.execPath,
    args: [at(path), ...args],
  })
  const textOf = (content: string): unknown => JSON.parse(content)

  it('files: read and written where it may, and nowhere else', { timeout: LONG }, async () => {
    writeFileSync(join(folder, 'note.txt'), 'hello from a file')
    const box = await open({ files: node('server-filesystem/dist/index.js', folder) })
    expect(toolNames(box)).toEqual(expect.arrayContaining(['mcp:files:read_text_file', 'mcp:files:write_file']))
    expect(box.notes).toEqual([])
    const read = await callTool(box, 'mcp:files:read_text_file', { path: join(folder, 'note.txt') })
    expect(read).toMatchObject({ isError: false, permitted: true })
    expect(read.content).toContain('hello from a file')
    const outside = await callTool(box, 'mcp:files:read_text_file', { path: '/etc/hostname' })
    expect(outside).toMatchObject({ isError: true, permitted: true })
    const misfit = await callTool(box, 'mcp:files:read_text_file', { path: 7 })
    expect(misfit.content).toContain('do not fit the parameters')
  })

  it('memory: what is put in comes out', { timeout: LONG }, async () => {
    const box = await open({
      memory: { ...node('server-memory/dist/index.js'), env: { MEMORY_FILE_PATH: join(folder, 'memory.jsonl') } },
    })
    expect(box.notes).toEqual([])
    const entities = [{ name: 'Ada', entityType: 'person', observations: ['likes clocks'] }]
    expect(await callTool(box, 'mcp:memory:create_entities', { entities })).toMatchObject({ isError: false })
    const graph = await callTool(box, 'mcp:memory:read_graph')
    expect(graph.content).toContain('likes clocks')
  })

  it('everything, over standard streams', { timeout: LONG }, async () => {
    const box = await open({ all: node('server-everything/dist/index.js', 'stdio') })
    const echo = await callTool(box, 'mcp:all:echo', { message: 'hello' })
    expect(textOf(echo.content)).toContain('hello')
  })

  it('everything, over HTTP', { timeout: LONG }, async () => {
    const port = await freePort()
    const child: ChildProcess = spawn(process.execPath, [at('server-everything/dist/index.js'), 'streamableHttp'], {
      env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'test', PORT: String(port) },
      stdio: 'ignore',
    })
    try {
      const url = `http://127.0.0.1:${port}/mcp`
      await expect
        .poll(
          () =>
            fetch(url).then(
              ({ status }) => status,
              () => 0,
            ),
          { timeout: 30_000 },
        )
        .toBeGreaterThan(0)
      const box = await open({ all: { transport: 'http', url } })
      expect(textOf((await callTool(box, 'mcp:all:echo', { message: 'hello' })).content)).toContain('hello')
    } finally {
      child.kill('SIGKILL')
    }
  })
})
