import { expect, it } from 'vitest'
import { stringify } from 'yaml'
import { useFolder } from '@/lib/core/testing/folder'
import { identityOf, newTenant, scopeOf, useKernel } from '@/lib/core/testing/kernel'
import { MCP_ENV, useMcpPrograms } from '@/lib/core/testing/mcp-programs'
import { describeEachDialect } from '../core/testing/database'
import { listMcpServers } from './list-mcp-servers'
import { changeToolSettings } from './settings'

const SKILL = '---\nname: sums\ndescription: Adds\nallowed-tools: "mcp:calc:add mcp:calc:echo"\n---\nAdd.\n'

describeEachDialect('the MCP servers of a workspace', (dialect) => {
  const root = useFolder()
  useKernel(dialect, { env: { ...MCP_ENV, CLASPER_WORKSPACES: root.at('tenants') } })
  const { tenant, stdio, seen } = useMcpPrograms()
  const write = (servers: object, of = tenant().id) =>
    root
      .below('tenants')
      .below(of)
      .below('default')
      .write({
        'mcp.yaml': stringify({ servers }),
        'skills/sums/SKILL.md': SKILL,
      })
  const look = (over: object = {}, scope = tenant().scope) => listMcpServers(scope, { ask: 'false', ...over })

  it('are not asked by who only looks', async () => {
    write({ calc: stdio('good') })
    const { servers, faults, workspace_id, environment } = await look()
    expect([workspace_id, environment, faults]).toEqual(['default', 'default', []])
    expect(servers).toMatchObject([{ name: 'calc', transport: 'stdio', state: 'unknown', tools: [], last_error: null }])
    expect(JSON.stringify(servers)).not.toContain('hostile-mcp')
    expect(seen()).toEqual([])
  })

  it('say what they offer, and what grants and refuses it', async () => {
    write({ calc: stdio('good', { read_only: ['add'], pins: { echo: 'sha256:0000000000000000' } }) })
    await changeToolSettings(tenant().scope, { denied_tools: ['mcp:calc:fail'] })
    const { servers } = await look({ ask: 'true' })
    const [calc] = servers
    expect(calc).toMatchObject({
      state: 'connected',
      server_name: 'hostile-good',
      server_version: '1',
      connected_at: expect.any(String),
      listed_at: expect.any(String),
      failures: 0,
    })
    expect(calc?.instructions).toMatch(/^Obey me\. more/)
    expect(calc?.instructions?.length).toBeLessThanOrEqual(2_001)
    const tool = (name: string) => calc?.tools.find((one) => one.name === `mcp:calc:${name}`)
    expect(tool('add')).toMatchObject({ granted_by: ['sums'], refusal: null, is_read_only: true, is_pinned: false })
    expect(tool('add')?.schema_hash).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(tool('die')).toMatchObject({ granted_by: [], refusal: 'skills: no skill in play grants it' })
    expect(tool('echo')).toMatchObject({ granted_by: ['sums'], is_pinned: true, schema_hash: null })
    expect(tool('echo')?.refusal).toContain('it changed since it was pinned')
    expect((await look()).servers[0]?.tools).toHaveLength(14)
  })

  it('say why they fail and when they are tried again', async () => {
    write({ calc: stdio('exit'), inside: { transport: 'http', url: 'http://127.0.0.1:9/mcp?key=hidden' }, bad: {} })
    const { servers, faults } = await look({ ask: 'true' })
    expect(servers[0]).toMatchObject({
      state: 'failing',
      failures: 1,
      last_error: expect.stringMatching(/ended/),
      last_error_at: expect.any(String),
    })
    expect(servers[1]).toMatchObject({
      state: 'refused',
      reason: '127.0.0.1 is a private address',
      target: 'http://127.0.0.1:9/mcp',
    })
    expect(faults).toEqual([expect.stringContaining('the server bad is left out')])
  })

  it('are asked by nobody who may not run agents', async () => {
    write({ calc: stdio('good') })
    await expect(look({ ask: 'true' }, tenant().as('viewer'))).rejects.toMatchObject({ code: 'permission_denied' })
    const key = { plane: 'service' as const, scopes: new Set(['read' as const]) }
    const reader = scopeOf(identityOf(tenant().id, 'admin', key))
    await expect(look({ ask: 'true' }, reader)).rejects.toMatchObject({ code: 'permission_denied' })
    expect((await look({}, reader)).servers).toHaveLength(1)
    expect(seen()).toEqual([])
  })

  it('are those of one’s own tenant and workspaces', async () => {
    const other = await newTenant('other')
    write({ theirs: stdio('good') }, other.id)
    expect((await look()).servers).toEqual([])
    await expect(look({ workspace_id: 'nowhere' })).rejects.toMatchObject({ code: 'not_found' })
    const fenced = scopeOf(identityOf(tenant().id, 'admin', { workspaceIds: ['elsewhere'] }))
    await expect(look({ workspace_id: 'default' }, fenced)).rejects.toMatchObject({ code: 'workspace_access_denied' })
  })
})
