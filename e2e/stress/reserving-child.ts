import { createInterface } from 'node:readline'
import { dateOf } from '@/lib/core/clock'
import { createKernel, installKernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'
import { type Reservation, reserveWrites, settleWrites } from '@/lib/governance'
import { NO_USAGE } from '@/lib/shared/chat'
import { uuidv7 } from '@/lib/shared/id'
import { microUsd } from '@/lib/shared/money'
import { newBenchScope } from '../bench/bench-scope'

// Reserves at once as often as a line on stdin says, names each answer on stdout, and settles some where it is told to.
export type Task = { tenant: string; prefix: string; count: number; churn: boolean }

const AMOUNT = microUsd(100_000)
const LEASE_MS = 60_000

const { clock } = installKernel(
  createKernel({ env: newBenchScope.env(process.argv[2] ?? ''), log: createLog('silent') }),
)

const lineOf = (id: string): Reservation => ({
  id,
  traceId: uuidv7(clock.now().getTime()),
  workspaceId: 'default',
  environment: 'prod',
  role: 'agent',
  userId: 'ann',
  kind: 'send',
  provider: 'openai',
  model: 'gpt-4o',
  amount: AMOUNT,
  priceVersion: 'stress',
  leaseUntil: dateOf(clock.now().getTime() + LEASE_MS),
})

const say = (text: string) => process.stdout.write(`${text}\n`)

// What a call does: it holds, and most of them then tell what they cost, less than what was held.
const call = async (task: Task, n: number): Promise<void> => {
  const scope = newBenchScope.scope(task.tenant)
  const id = `${task.prefix}-${n}`
  const { applied } = await scope.command({ audit: [], writes: reserveWrites(scope, [lineOf(id)]) })
  say(`${applied ? '+' : '-'}${id}`)
  if (!applied || !task.churn || n % 4 === 0) return
  const isFree = n % 4 === 1
  const told = { id, state: isFree ? 'released' : 'settled', cost: microUsd(isFree ? 0 : n % 7) } as const
  await scope.command({ audit: [], writes: settleWrites(scope, [{ ...told, usage: NO_USAGE, isEstimated: false }]) })
  say(`=${id}`)
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const task = JSON.parse(line) as Task
  const answers = await Promise.allSettled(Array.from({ length: task.count }, (_, n) => call(task, n)))
  for (const answer of answers) if (answer.status === 'rejected') say(`!${String(answer.reason)}`)
  say('end')
})
say('ready')
