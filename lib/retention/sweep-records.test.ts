import { beforeEach, expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { installKernel, kernel } from '@/lib/core/kernel'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, testKernel, useKernel } from '@/lib/core/testing/kernel'
import { enforce, setPolicy } from './index'

const DAY = 86_400_000
const NOON = new Date('2026-03-01T12:00:00Z')
const clock = fixedClock(NOON)

const ago = (days: number) => new Date(NOON.getTime() - days * DAY)

const decision = (tenantId: string, id: string, age: number, over: object = {}) => ({
  ...{ tenantId, id, createdAt: ago(age), origin: 'tool', subject: 'tool', workspaceId: 'w', environment: 'e' },
  ...{ actionHash: 'h', action: {}, facts: {}, decision: 'allow', status: 'allow', explanation: 'x' },
  ...{ matchedPolicies: [], decisionTrace: [], policyHash: 'p', requestedBy: 'x', ...over },
})

const execution = (tenantId: string, id: string, age: number, over: object = {}) => ({
  ...{ tenantId, id, adapterId: 'coder', workspaceId: 'w', environment: 'e', requestHash: 'h', decisionId: `of-${id}` },
  ...{ effect: 'allow', reply: {}, maxSteps: 1, riskScore: 1, riskLevel: 'low' },
  ...{ createdAt: ago(age), expiresAt: ago(age - 0.1), ...over },
})

const authorization = (tenantId: string, id: string, age: number, over: object = {}) => ({
  ...{ tenantId, id, executionId: 'none', adapterId: 'coder', workspaceId: 'w', tool: 't', decision: 'allow' },
  ...{ decisionId: `of-${id}`, createdAt: ago(age), expiresAt: ago(age - 0.1), ...over },
})

const report = (tenantId: string, id: string, age: number, over: object = {}) => ({
  ...{ tenantId, adapterId: 'coder', executionId: id, kind: 'cost', payloadHash: 'h', evidence: 'signed' },
  ...{ data: { words: 'of the agent' }, occurredAt: ago(age), receivedAt: ago(age), ...over },
})

const APPROVED = { decision: 'require_approval', status: 'approved' }

describeEachDialect('records that are over', (dialect) => {
  useKernel(dialect, { clock })
  const state = {} as { tenant: TestTenant; other: TestTenant }

  beforeEach(async () => {
    clock.set(NOON)
    state.tenant = await newTenant()
    state.other = await newTenant('other')
    await setPolicy(state.tenant.scope, { retention_days: 10 })
  })

  const put = (rows: { decisions?: object[]; executions?: object[]; authorizations?: object[]; reports?: object[] }) =>
    systemWrite(async ({ client }) => {
      await client.decision.createMany({ data: (rows.decisions ?? []) as never })
      await client.execution.createMany({ data: (rows.executions ?? []) as never })
      await client.toolAuthorization.createMany({ data: (rows.authorizations ?? []) as never })
      await client.adapterReport.createMany({ data: (rows.reports ?? []) as never })
    })
  const pause = (traceId: string) =>
    systemWrite(({ client }) =>
      client.pausedRun.create({
        data: { tenantId: state.tenant.id, traceId, state: {}, pausedAt: ago(20), expiresAt: ago(-1) },
      }),
    )
  const where = () => ({ tenantId: state.tenant.id })
  const named = async (rows: Promise<{ id: string }[]>) => (await rows).map(({ id }) => id).sort()
  const decisions = () => named(systemDb().decision.findMany({ where: where() }))
  const executions = () => named(systemDb().execution.findMany({ where: where() }))
  const authorizations = () => named(systemDb().toolAuthorization.findMany({ where: where() }))
  const reports = () => systemDb().adapterReport.findMany({ where: where(), orderBy: { receivedAt: 'asc' } })
  const pass = async (body: object = {}) => (await enforce(state.tenant.scope, body, true)).result
  const proofs = async () =>
    (await systemDb().auditPayload.findMany({ where: where(), orderBy: { seq: 'asc' } })).map(
      ({ data }) => JSON.parse(data) as Record<string, unknown>,
    )

  it('go with the days of the tenant, and with a row that says how many; what anybody waits for stays', async () => {
    const { id } = state.tenant
    await pause('0190-paused')
    await put({
      decisions: [
        decision(id, 'gone-allow', 11),
        decision(id, 'gone-expired', 20, { ...APPROVED, status: 'expired', expiresAt: ago(12) }),
        decision(id, 'gone-used', 20, { ...APPROVED, resolvedAt: ago(19), usedAt: ago(18), expiresAt: ago(17) }),
        decision(id, 'gone-run-over', 20, { traceId: '0190-over' }),
        decision(id, 'young', 9),
        decision(id, 'pending', 20, { decision: 'require_approval', status: 'pending', expiresAt: ago(15) }),
        decision(id, 'resolved-late', 20, { ...APPROVED, status: 'denied', resolvedAt: ago(1) }),
        decision(id, 'usable', 20, { ...APPROVED, resolvedAt: ago(11), expiresAt: ago(-1) }),
        decision(id, 'of-paused', 20, { traceId: '0190-paused' }),
        decision(id, 'of-live', 20, { executionId: 'live' }),
        decision(state.other.id, 'foreign', 80),
      ],
      executions: [
        execution(id, 'old', 11),
        execution(id, 'young', 9),
        execution(id, 'live', 20, { expiresAt: ago(-1) }),
        execution(id, 'waits', 20, { effect: 'pending', decisionId: 'pending' }),
      ],
      authorizations: [
        authorization(id, 'old', 11),
        authorization(id, 'young', 9),
        authorization(id, 'refused', 11, { decision: 'deny', expiresAt: null }),
        authorization(id, 'of-live', 20, { executionId: 'live' }),
        authorization(id, 'waits', 20, { decision: 'pending', decisionId: 'pending', expiresAt: null }),
      ],
    })
    expect(await pass()).toMatchObject({ traces_deleted: 0, is_complete: true })
    expect(await decisions()).toEqual(['of-live', 'of-paused', 'pending', 'resolved-late', 'usable', 'young'])
    expect(await executions()).toEqual(['live', 'waits', 'young'])
    expect(await authorizations()).toEqual(['of-live', 'waits', 'young'])
    expect(await systemDb().decision.count({ where: { tenantId: state.other.id } })).toBe(1)
    const said = (await proofs()).filter(({ table }) => table !== undefined)
    expect(said.map(({ table, action, records }) => [table, action, records])).toEqual([
      ['Execution', 'deleted', 1],
      ['ToolAuthorization', 'deleted', 2],
      ['Decision', 'deleted', 4],
    ])
    expect((await proofs()).at(-1)).toMatchObject({ kind: 'pass', records_deleted: 7 })
    const before = (await proofs()).length
    await pass()
    expect(await proofs()).toHaveLength(before + 1)
    await systemWrite(({ client }) => client.pausedRun.deleteMany({ where: where() }))
    await pass()
    expect(await decisions()).not.toContain('of-paused')
  })

  it('of what agents told the words go, and the rest as soon as it could not be told again', async () => {
    const { id } = state.tenant
    await put({
      reports: [
        report(id, 'ancient', 400),
        report(id, 'told-late', 20, { occurredAt: ago(365) }),
        report(id, 'old', 11),
        report(id, 'young', 9),
      ],
    })
    await pass()
    const left = async () => (await reports()).map(({ executionId, data }) => [executionId, JSON.stringify(data)])
    const words = JSON.stringify({ words: 'of the agent' })
    expect(await left()).toEqual([
      ['told-late', '{}'],
      ['old', '{}'],
      ['young', words],
    ])
    expect((await proofs()).at(-1)).toMatchObject({ records_deleted: 1 })
    const before = (await proofs()).length
    await pass()
    expect(await proofs()).toHaveLength(before + 1)
    clock.advance(2 * DAY)
    await pass()
    expect(await left()).toEqual([
      ['old', '{}'],
      ['young', '{}'],
    ])
  })

  it('stay under a legal hold, and while it is only said what would go', async () => {
    const { id } = state.tenant
    await put({
      decisions: [decision(id, 'old', 50)],
      executions: [execution(id, 'old', 50)],
      authorizations: [authorization(id, 'old', 50)],
      reports: [report(id, 'old', 500)],
    })
    const all = async () => [await decisions(), await executions(), await authorizations(), (await reports()).length]
    await pass({ dry_run: true })
    expect(await all()).toEqual([['old'], ['old'], ['old'], 1])
    await setPolicy(state.tenant.scope, { legal_hold: true, justification: 'A court asks for it' })
    await pass()
    expect(await all()).toEqual([['old'], ['old'], ['old'], 1])
    await setPolicy(state.tenant.scope, { legal_hold: false })
    await pass()
    expect(await all()).toEqual([[], [], [], 0])
  })

  it('beyond the number that is kept the oldest decisions go that nobody waits for, and none where all are kept', async () => {
    const { id } = state.tenant
    await pause('0190-paused')
    const some = Array.from({ length: 6 }, (_, n) => decision(id, `d${n}`, 6 - n / 10))
    const waiting = [
      decision(id, 'a-pending', 9, { decision: 'require_approval', status: 'pending' }),
      decision(id, 'a-paused', 9, { traceId: '0190-paused' }),
    ]
    await put({ decisions: [...waiting, ...some] })
    const own = kernel()
    const settings = (most: string) =>
      installKernel(testKernel(own.db.url, { clock, env: { CLASPER_DECISION_MAX_ROWS: most } }))
    const none = settings('0')
    await pass()
    expect(await decisions()).toHaveLength(8)
    await none.stop()
    const few = settings('5')
    await pass()
    expect(await decisions()).toEqual(['a-paused', 'a-pending', 'd3', 'd4', 'd5'])
    await few.stop()
    installKernel(own)
  })

  it('two passes at once take each of them once', async () => {
    const { id } = state.tenant
    await put({ decisions: Array.from({ length: 1_100 }, (_, n) => decision(id, `d${n}`, 20)) })
    await Promise.all([pass(), pass()])
    expect(await decisions()).toEqual([])
    const parts = (await proofs()).filter(({ table }) => table === 'Decision')
    expect(parts.reduce((sum, { records }) => sum + Number(records), 0)).toBe(1_100)
    expect(Math.max(...parts.map(({ records }) => Number(records)))).toBeLessThanOrEqual(500)
  })
})
