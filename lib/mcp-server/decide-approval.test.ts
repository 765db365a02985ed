import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createKey } from '@/lib/auth'
import { pendingDecision } from '@/lib/core/testing/approvals'
import { describeEachDialect } from '@/lib/core/testing/database'
import { type Issuer, startIssuer } from '@/lib/core/testing/issuer'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { type McpHouse, mcpClient, startMcpHouse } from '@/lib/core/testing/mcp-house'
import type { Role } from '@/lib/shared/rbac'

const issuer: Issuer = await startIssuer()
afterAll(() => issuer.close())

describeEachDialect('decisions by MCP, where a setting lets them', (dialect) => {
  useKernel(dialect, { env: { ...issuer.env, CLASPER_MCP_DECISIONS: 'true' } })
  const now: { house?: McpHouse } = {}
  beforeAll(async () => {
    now.house = await startMcpHouse()
  })
  afterAll(() => now.house?.close())

  it('are a person’s, once, and audited', async () => {
    const tenant = await newTenant()
    const url = now.house?.url ?? ''
    const id = await pendingDecision(tenant.scope)
    const as = async (role: Role, sub: string = role) =>
      mcpClient(url, {
        authorization: `Bearer ${await issuer.token({ sub, tenant_id: tenant.id, roles: [role] })}`,
      })
    const wanted = { decision_id: id, action: 'approve', justification: 'The photo shows the damage' }
    const use = async (client: Client) => {
      const { content, isError } = await client.callTool({ name: 'decide_approval', arguments: wanted })
      return { isError: isError === true, text: (content as { text: string }[])[0]?.text ?? '' }
    }
    expect(await use(await as('operator'))).toMatchObject({ isError: true })
    const { secret } = await createKey(tenant.scope, {
      name: 'mcp',
      scopes: ['read', 'write', 'admin'],
      workspace_ids: [],
      expires_in_days: 1,
    })
    const machine = await mcpClient(url, { 'x-agent-daemon-key': secret })
    expect((await machine.listTools()).tools.map(({ name }) => name)).not.toContain('decide_approval')
    expect((await use(machine)).text).toContain('permission_denied')
    const manager = await as('release_manager', 'rosa')
    const approved = await use(manager)
    expect(approved.isError).toBe(false)
    expect(approved.text).toContain('"status":"approved"')
    expect(approved.text).not.toContain('decision_token')
    expect((await use(manager)).text).toContain('already_resolved')
    const rows = (await tenant.audits()).filter(({ entityId }) => entityId === id)
    expect(rows.filter(({ actor }) => actor.includes('rosa')).length).toBeGreaterThan(0)
  })
})
