import { expect, it } from 'vitest'
import { agentScope, allowed, codeOf, newAgent, rule } from '@/lib/core/testing/adapter-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { listBudgets, setBudget } from '@/lib/governance'
import { uuidv7 } from '@/lib/shared/id'
import {
  authorizeTool,
  getTool,
  governanceDashboard,
  ingestAudit,
  listAgents,
  listExecutions,
  listToolAuthorizations,
  listTools,
} from '../index'

const PAGE = { limit: 10, offset: 0 }

const workIn = async (tenant: TestTenant, workspaceId: string, tool: string) => {
  const agent = agentScope(tenant.id, 'coder', { workspaceIds: [workspaceId] })
  const id = `run-${workspaceId}`
  await allowed(tenant, agent, { execution_id: id, workspace_id: workspaceId, max_cost: 1 })
  await authorizeTool(agent, { execution_id: id, adapter_id: 'coder', tool })
  const at = new Date().toISOString()
  const ids = { execution_id: id, trace_id: uuidv7(Date.now()), adapter_id: 'coder' }
  await ingestAudit(agent, { ...ids, event_type: 'note', occurred_at: at })
}

describeEachDialect('what is shown of external agents', (dialect) => {
  useKernel(dialect)

  const figures = async (scope: TestTenant['scope']) => {
    const { dashboard } = await governanceDashboard(scope, { days: 2 })
    const { agents } = await listAgents(scope, PAGE)
    const { tools } = await listTools(scope, PAGE)
    return {
      decisions: dashboard.coverage.decisions,
      byDay: dashboard.days.reduce((sum, day) => sum + day.allow, 0),
      byAgent: dashboard.by_agent.reduce((sum, { allow }) => sum + allow, 0),
      policies: dashboard.top_policies.reduce((sum, { count }) => sum + count, 0),
      granted: dashboard.tools.granted,
      reports: Object.values(dashboard.telemetry).reduce((sum, n) => sum + n, 0),
      executions: agents[0]?.executions['allow'] ?? 0,
      told: agents[0]?.reports['self_attested'] ?? 0,
      asked: tools.reduce((sum, { granted }) => sum + granted, 0),
      listed: (await listExecutions(scope, PAGE)).total,
      authorizations: (await listToolAuthorizations(scope, PAGE)).total,
    }
  }

  it('is what is in the workspaces of the caller, and nothing to whoever acts for one user', async () => {
    const tenant = await newTenant()
    await newAgent(tenant)
    await rule(tenant, 'allow')
    await workIn(tenant, 'sales', 'file_read')
    await workIn(tenant, 'secret', 'file_write')
    const [all, part, nothing] = await Promise.all([
      figures(tenant.scope),
      figures(scopeOf(identityOf(tenant.id, 'viewer', { workspaceIds: ['sales'] }))),
      figures(scopeOf(identityOf(tenant.id, 'viewer', { plane: 'service', userId: 'ann', workspaceIds: ['sales'] }))),
    ])
    const two = { executions: 2, told: 2, asked: 2, listed: 2, authorizations: 2, granted: 2, reports: 2 }
    const one = { executions: 1, told: 1, asked: 1, listed: 1, authorizations: 1, granted: 1, reports: 1 }
    expect(all).toEqual({ ...two, decisions: 4, byDay: 4, byAgent: 4, policies: 4 })
    expect(part).toEqual({ ...one, decisions: 2, byDay: 2, byAgent: 2, policies: 2 })
    expect(new Set(Object.values(nothing))).toEqual(new Set([0]))
  })

  it('a tool that was asked for elsewhere alone is unknown', async () => {
    const tenant = await newTenant()
    await newAgent(tenant, 'coder', { tool_capabilities: [] })
    await rule(tenant, 'allow')
    await workIn(tenant, 'secret', 'ledger_dump')
    const sales = scopeOf(identityOf(tenant.id, 'viewer', { workspaceIds: ['sales'] }))
    expect((await getTool(tenant.scope, 'ledger_dump')).tool.granted).toBe(1)
    expect(await codeOf(getTool(sales, 'ledger_dump'))).toBe('not_found')
  })

  it('lines that hold the tenant’s money are shown to those who may see them', async () => {
    const tenant = await newTenant()
    await newAgent(tenant)
    await rule(tenant, 'allow')
    await setBudget(tenant.scope, { scope: 'tenant', budget_usd: 10 })
    await workIn(tenant, 'sales', 'file_read')
    await workIn(tenant, 'secret', 'file_write')
    const heldBy = async (scope: TestTenant['scope']) => {
      const [budget] = (await listBudgets(scope, { limit: 10 })).budgets
      const where = budget?.reservations.map(({ workspace_id: id }) => id).sort()
      return [budget?.reserved_usd, budget?.reservation_count, where]
    }
    expect(await heldBy(tenant.scope)).toEqual([2, 2, ['sales', 'secret']])
    const sales = scopeOf(identityOf(tenant.id, 'viewer', { workspaceIds: ['sales'] }))
    expect(await heldBy(sales)).toEqual([2, 1, ['sales']])
    const ann = scopeOf(identityOf(tenant.id, 'viewer', { plane: 'service', userId: 'ann' }))
    expect(await heldBy(ann)).toEqual([2, 0, []])
  })
})
