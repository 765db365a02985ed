import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dateOf } from '@/lib/core/clock'
import { createKernel, installKernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'
import { migrate } from '@/lib/core/migrate/migrate'
import { type Reservation, reserveWrites, settleWrites } from '@/lib/governance'
import { NO_USAGE } from '@/lib/shared/chat'
import { uuidv7 } from '@/lib/shared/id'
import { microUsd } from '@/lib/shared/money'
import { newBenchScope } from './bench-scope'
import { inParallel, table } from './measure'

// Reserve, then settle, as a run does: npm run bench -- ledger [url of an empty database]
const folder = mkdtempSync(join(tmpdir(), 'clasper-bench-'))
const url = process.argv[2] ?? `file:${join(folder, 'bench.db')}`
await migrate(url)
const kernel = installKernel(createKernel({ env: newBenchScope.env(url), log: createLog('silent') }))
const CENT = microUsd(10_000)

const lineOf = (n: number): Reservation => {
  const now = kernel.clock.now().getTime()
  return {
    id: uuidv7(now),
    traceId: uuidv7(now),
    workspaceId: 'default',
    environment: 'prod',
    role: 'agent',
    userId: `user-${n % 500}`,
    kind: 'send',
    provider: 'openai',
    model: 'gpt-4o',
    amount: CENT,
    priceVersion: 'bench',
    leaseUntil: dateOf(now + 60_000),
  }
}

const addTenant = (id: string, budgets: readonly string[]) => {
  const now = kernel.clock.now()
  const limits = { limitMicroUsd: 10n ** 14n, perRunMicroUsd: null, period: 'monthly', createdAt: now, updatedAt: now }
  const period = { periodStart: dateOf(now.getTime() - 1_000), periodEnd: dateOf(now.getTime() + 86_400_000) }
  return kernel.db.writer.transaction(null, async ({ client }) => {
    await client.tenant.create({ data: { id, name: id, createdAt: now } })
    await client.budget.createMany({
      data: budgets.map((budget) => ({ tenantId: id, id: budget, ...limits, ...period })),
    })
  })
}

const once = async (tenantId: string, n: number): Promise<number> => {
  const scope = newBenchScope.scope(tenantId)
  const line = lineOf(n)
  const started = performance.now()
  const held = await scope.command({ audit: [], writes: reserveWrites(scope, [line]) })
  if (!held.applied) throw new Error('It should have fitted')
  const usage = { ...NO_USAGE, input: 1_000, output: 100 }
  const told = { id: line.id, state: 'settled', cost: CENT, usage, isEstimated: false } as const
  await scope.command({ audit: [], writes: settleWrites(scope, [told]) })
  return performance.now() - started
}

const measure = async (name: string, tenantId: string, count: number, callers: number) => {
  const took: number[] = []
  const cpu = process.cpuUsage()
  await inParallel(callers, count, async (n) => void took.push(await once(tenantId, n)))
  const used = process.cpuUsage(cpu)
  took.sort((a, b) => a - b)
  const at = (part: number) => (took[Math.floor(took.length * part)] ?? 0).toFixed(2)
  return [name, at(0.5), at(0.99), Math.round((used.user + used.system) / count)]
}

const SCOPES = ['tenant', 'workspace:default', 'environment:prod', 'environment:default/prod', 'role:agent']
const users = Array.from({ length: 500 }, (_, n) => `user:user-${n}`)
await addTenant('free', [])
await addTenant('one', ['tenant'])
await addTenant('all', [...SCOPES, ...users])
await measure('warm', 'free', 2_000, 16)
const rows: (string | number)[][] = []
for (const callers of [1, 64])
  for (const [id, what] of [
    ['free', 'no budget'],
    ['one', 'a budget of the tenant'],
    ['all', 'budgets in all six scopes'],
  ] as const)
    rows.push(await measure(`${what}, ${callers} ${callers === 1 ? 'caller' : 'callers'}`, id, 2_000, callers))
console.log(table(['reserve + settle', 'median ms', '99 % ms', 'CPU µs'], rows))
await kernel.stop()
rmSync(folder, { recursive: true, force: true })
