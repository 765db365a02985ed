import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { agentScope, asking, newAgent, rule } from '@/lib/core/testing/adapter-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { isProblem } from '@/lib/shared/problem'
import { AuthorizeBody, ExecutionBody } from './contract'
import { authorizeTool, requestExecution } from './index'

const RUNS = 60
const classes = fc.constantFrom('low', 'medium', 'high', 'critical')
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const anything = fc.jsonValue({ maxDepth: 2 })

// Whatever an agent can think of: every field that exists, every field that does not, and words that mean yes.
const bodies = fc.record({
  requested_capabilities: fc.array(fc.constantFrom('files.read', 'files.write', 'shell.exec', 'files.*', 'admin'), {
    maxLength: 4,
  }),
  tool_count: fc.nat(100),
  adapter_risk_class: some(classes),
  max_steps: some(fc.integer({ min: 1, max: 1_000_000 })),
  max_cost: some(fc.double({ min: 0, max: 1_000_000, noNaN: true })),
  estimated_cost: some(fc.double({ min: 0, max: 1_000_000, noNaN: true })),
  skill_state: some(fc.constantFrom('draft', 'tested', 'approved', 'active', 'deprecated')),
  temperature: some(fc.double({ min: 0, max: 2, noNaN: true })),
  data_sensitivity: some(fc.constantFrom('none', 'low', 'medium', 'high', 'pii')),
  skill_tested: some(fc.boolean()),
  skill_pinned: some(fc.boolean()),
  rbac_allowed: some(fc.boolean()),
  context: some(fc.record({ elevated_privileges: fc.boolean(), external_network: fc.boolean() })),
  override: some(anything),
  granted_scope: some(anything),
  allowed: some(fc.boolean()),
  decision: some(fc.constantFrom('allow', 'approved')),
  role: some(fc.constantFrom('admin')),
  actor: some(fc.constantFrom('user:admin')),
  permissions: some(fc.constant(['override:use'])),
  allowed_capabilities: some(fc.constant(['*'])),
  enabled: some(fc.boolean()),
})

type Body = Parameters<typeof requestExecution>[1]

const heard = async <T>(work: Promise<T>): Promise<T | string> => {
  try {
    return await work
  } catch (error) {
    if (isProblem(error)) return error.code
    throw error
  }
}

describeEachDialect('no body grants anything', (dialect) => {
  useKernel(dialect)
  const tenants = {} as { open: TestTenant; shut: TestTenant; asked: TestTenant }

  beforeAll(async () => {
    for (const name of ['open', 'shut', 'asked'] as const) {
      tenants[name] = await newTenant(name)
      await newAgent(tenants[name])
    }
    await rule(tenants.open, 'allow')
    await rule(tenants.shut, 'deny', { precedence: 100 })
    await rule(tenants.asked, 'require_approval')
  })

  const ask = (tenant: TestTenant, body: object) => {
    const sent = ExecutionBody.safeParse({ ...asking(tenant.id), ...body })
    return sent.success ? heard(requestExecution(agentScope(tenant.id), sent.data as Body)) : 'invalid_request'
  }

  it('never more than registry, token and policy', { timeout: 120_000 }, async () => {
    const baseline = await ask(tenants.open, { requested_capabilities: [], tool_count: 0 })
    const least = typeof baseline === 'string' ? expect.unreachable() : baseline.risk_score
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const beyond = body.requested_capabilities.some((name) => !['files.read', 'files.write'].includes(name))
        const [open, shut, asked] = [
          await ask(tenants.open, body),
          await ask(tenants.shut, body),
          await ask(tenants.asked, body),
        ]
        if (beyond) {
          expect([open, shut, asked]).toEqual(Array(3).fill('capability_not_allowed'))
          return
        }
        if (typeof open === 'string' || typeof shut === 'string' || typeof asked === 'string')
          return expect.unreachable()
        expect(shut).toMatchObject({ allowed: false, decision: 'deny' })
        expect(asked.allowed).toBe(false)
        expect(open.risk_score).toBeGreaterThanOrEqual(least)
        expect(open.allowed).toBe(['low', 'medium'].includes(open.risk_level) && body.rbac_allowed !== false)
        const { granted_scope: scope } = open
        if (scope === undefined) return
        expect(scope.capabilities.every((name) => body.requested_capabilities.some((one) => one === name))).toBe(true)
        expect(scope.max_steps).toBeLessThanOrEqual(Math.min(100, body.max_steps ?? 100))
        if (body.max_cost !== undefined)
          expect(scope.max_cost).toBeLessThanOrEqual(Math.round(body.max_cost * 1e6) / 1e6)
      }),
      { numRuns: RUNS },
    )
  })

  const wishes = fc.record({
    tool: fc.constantFrom('file_read', 'file_write', 'shell_exec', 'FILE-READ', '__proto__'),
    requested_scope: some(
      fc.record({
        capabilities: some(
          fc.array(fc.constantFrom('files.read', 'files.write', 'shell.exec', 'files.*'), { maxLength: 3 }),
        ),
        max_steps: some(fc.integer({ min: 1, max: 1_000_000 })),
        max_cost: some(fc.double({ min: 0, max: 1_000_000, noNaN: true })),
        admin: some(fc.boolean()),
      }),
    ),
    adapter_risk_class: some(classes),
    skill_state: some(fc.constantFrom('active', 'draft')),
    decision: some(fc.constant('allow')),
    arguments: some(fc.dictionary(fc.string(), anything, { maxKeys: 3 })),
    override: some(anything),
  })

  it('no tool beyond the execution', { timeout: 120_000 }, async () => {
    const scope = agentScope(tenants.open.id)
    const execution = await requestExecution(scope, asking(tenants.open.id, { max_steps: 7, max_cost: 1 }))
    await fc.assert(
      fc.asyncProperty(wishes, async (wish) => {
        const sent = AuthorizeBody.safeParse({ execution_id: execution.execution_id, adapter_id: 'coder', ...wish })
        if (!sent.success) return
        const reply = await authorizeTool(scope, sent.data)
        if (reply.decision === 'deny') {
          expect(reply.tool_token).toBeUndefined()
          return
        }
        expect(['file_read', 'file_write', 'FILE-READ']).toContain(wish.tool)
        expect(Object.keys(reply.granted_scope ?? {}).sort()).toEqual(['capabilities', 'max_cost', 'max_steps'])
        expect((reply.granted_scope?.capabilities ?? []).every((name) => name === 'files.read')).toBe(true)
        expect(reply.granted_scope?.max_steps).toBeLessThanOrEqual(7)
        expect(reply.granted_scope?.max_cost).toBeLessThanOrEqual(1)
      }),
      { numRuns: RUNS },
    )
  })
})
