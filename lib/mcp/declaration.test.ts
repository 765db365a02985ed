import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { useKernel } from '@/lib/core/testing/kernel'
import { mcpFile } from './declaration'

describe('mcp.yaml', () => {
  useKernel('sqlite')
  const read = (servers: unknown) => mcpFile(stringify({ servers }))
  const stdio = { transport: 'stdio', command: 'node' }
  const http = { transport: 'http', url: 'https://tools.example/mcp' }

  test('names servers as a list or by name, and both are the same', () => {
    const listed = read([{ name: 'calc', ...stdio }])
    const mapped = read({ calc: stdio })
    expect(listed).toEqual(mapped)
    expect(listed.servers).toMatchObject([
      { name: 'calc', transport: 'stdio', args: [], env: {}, read_only: [], pins: {} },
    ])
    expect(listed.faults).toEqual([])
  })

  test('tells declarations apart by what they say', () => {
    const hashOf = (more: object) => read({ calc: { ...stdio, ...more } }).servers[0]?.hash
    expect(hashOf({})).toBe(hashOf({}))
    const all = [{}, { args: ['a'] }, { args: ['a', 'b'] }, { env: { A: 'b' } }, { tools: [] }, { timeout_ms: 200 }]
    expect(new Set(all.map(hashOf)).size).toBe(all.length)
  })

  test.each([undefined, '', '  \n', '# nothing\n', 'servers: []', 'servers: {}'])('%j names none', (text) => {
    expect(mcpFile(text)).toEqual({ servers: [], faults: [] })
  })

  test.each(['servers', '[]', '"x"', 'servers: 3', 'a: &a [*a]\nservers: *a', ': :', 'servers: [\n', '\u0000'])(
    '%j cannot be read and says so',
    (text) => {
      const { servers, faults } = mcpFile(text)
      expect(servers).toEqual([])
      expect(faults).toHaveLength(1)
    },
  )

  test('leaves out one that cannot be read, with the reason, and keeps the others', () => {
    const { servers, faults } = read([{ name: 'bad', ...stdio, shell: true }, { name: 'good', ...stdio }, 'x', null])
    expect(servers.map(({ name }) => name)).toEqual(['good'])
    expect(faults).toHaveLength(3)
    expect(faults[0]).toContain('the server bad is left out')
  })

  test.each<[string, unknown]>([
    ['no transport', { command: 'node' }],
    ['another transport', { ...http, transport: 'sse' }],
    ['a name with a colon', [{ name: 'a:b', ...stdio }]],
    ['a name in capitals', { Calc: stdio }],
    ['a command of several lines', { ...stdio, command: 'node\nrm -rf /' }],
    ['arguments in one line', { ...stdio, args: '-y pkg' }],
    ['an argument with a null byte', { ...stdio, args: ['a\0b'] }],
    ['the loader of libraries', { ...stdio, env: { LD_PRELOAD: '/tmp/x.so' } }],
    ['options of node', { ...stdio, env: { NODE_OPTIONS: '--require /tmp/x.js' } }],
    ['options of node in small letters', { ...stdio, env: { node_options: '--require /tmp/x.js' } }],
    ['another search path', { ...stdio, env: { PATH: '/tmp' } }],
    ['where packages come from', { ...stdio, command: 'uvx', env: { UV_INDEX_URL: 'https://evil.example' } }],
    ['where other packages come from', { ...stdio, env: { PIP_EXTRA_INDEX_URL: 'https://evil.example' } }],
    ['options of another machine', { ...stdio, env: { JDK_JAVA_OPTIONS: '-javaagent:/tmp/x.jar' } }],
    ['a hook of another machine', { ...stdio, env: { DOTNET_STARTUP_HOOKS: '/tmp/x.dll' } }],
    ['a program of wherever we stand', { ...stdio, command: './server' }],
    ['a program above', { ...stdio, command: '../bin/server' }],
    ['a file', { ...http, url: 'file:///etc/passwd' }],
    ['no address', { ...http, url: 'https://' }],
    ['a header of ours', { ...http, headers: { Host: 'x' } }],
    ['a session of its own', { ...http, headers: { 'Mcp-Session-Id': 'x' } }],
    ['a header of two lines', { ...http, headers: { 'x-a': 'b\r\nx-c: d' } }],
    ['stray braces', { ...http, headers: { 'x-a': '{{env.HOME}}' } }],
    ['a pin that is too short', { ...stdio, pins: { add: 'abc' } }],
    ['no time at all', { ...stdio, timeout_ms: 0 }],
  ])('refuses %s', (_, server) => {
    const { servers, faults } = Array.isArray(server) ? read(server) : read({ calc: server })
    expect(servers).toEqual([])
    expect(faults).toHaveLength(1)
  })

  test('names so many and no more', () => {
    const many = Array.from({ length: 33 }, (_, at) => ({ name: `s${at}`, ...stdio }))
    expect(read(many)).toMatchObject({ servers: [], faults: [expect.stringContaining('more than 32')] })
    expect(read(many.slice(1)).servers).toHaveLength(32)
  })

  test('takes the first of a name', () => {
    const { servers, faults } = read([
      { name: 'calc', ...stdio },
      { name: 'calc', ...http },
    ])
    expect(servers).toMatchObject([{ transport: 'stdio' }])
    expect(faults).toEqual(['mcp.yaml: a second server calc is left out'])
  })
})
