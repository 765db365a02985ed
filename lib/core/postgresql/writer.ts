import type pg from 'pg'
import { INBOX_INSERT_SQL, inboxRows } from '../audit/append-postgresql'
import type { AuditDraft } from '../audit/draft'
import type { Clock } from '../clock'
import type { PrismaClient } from '../generated/sqlite/client'
import { auditsByTenant, CONTRARY, mergeWrites, type Outcome, splitResults } from '../group'
import { storableJson } from '../rows-json'
import { positional } from '../statement'
import { type LockMode, lockClient } from '../tenant-lock'
import {
  type Command,
  type CommandResult,
  type Life,
  MAX_GROUP,
  newLife,
  TOO_LONG,
  TRANSACTION_DEADLINE_MS,
  type Writer,
  type WriterTx,
  withDeadline,
} from '../writer'
import { query } from './pool'

type Waiting = { command: Command; settle: (result: CommandResult) => void; fail: (error: unknown) => void }

const MAX_RETRIES = 5
const REFUSAL = Symbol('refused')

const isConflict = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  ['P2034', '40001', '40P01'].includes(String(error.code))

const insertAudit = (runner: pg.PoolClient, audits: ReadonlyMap<string, readonly AuditDraft[]>, now: Date) =>
  Promise.all(
    [...audits].map(([tenantId, drafts]) => query(runner, INBOX_INSERT_SQL, [inboxRows(tenantId, drafts, now)])),
  )

const applyTogether = async (
  runner: pg.PoolClient,
  commands: readonly Command[],
  now: Date,
): Promise<CommandResult[]> => {
  const merged = mergeWrites(commands)
  const returned: Record<string, unknown>[][] = []
  for (const write of merged) {
    const rows = await query(runner, write.statement.postgresql, [storableJson(write.rows)])
    if (write.guard && rows.length < write.rows.length) throw REFUSAL
    returned.push(rows)
  }
  await insertAudit(runner, auditsByTenant(commands), now)
  return splitResults(commands, merged, returned)
}

const inTransaction = async <T>(pool: pg.Pool, work: (runner: pg.PoolClient) => Promise<T>): Promise<T> => {
  const runner = await pool.connect()
  try {
    await runner.query('BEGIN')
    const result = await work(runner)
    await runner.query('COMMIT')
    runner.release()
    return result
  } catch (error) {
    const broken = await runner.query('ROLLBACK').then(
      () => undefined,
      (fault: unknown) => (fault instanceof Error ? fault : new Error(String(fault))),
    )
    runner.release(broken)
    throw error
  }
}

const applyAlone = async (pool: pg.Pool, command: Command, now: Date): Promise<Outcome> => {
  try {
    const [result] = await inTransaction(pool, (runner) => applyTogether(runner, [command], now))
    return { ok: true, result: result ?? { applied: true, results: [] } }
  } catch (error) {
    return error === REFUSAL ? { ok: true, result: { applied: false, results: [] } } : { ok: false, error }
  }
}

// The server itself said no, so nothing was committed. A connection that broke says nothing of the sort: whoever
// repeats then may write twice.
export const isAnswered = (error: unknown): boolean =>
  error === REFUSAL ||
  error === CONTRARY ||
  (error instanceof Error && 'severity' in error && 'code' in error && !/^(?:08|57P)/.test(String(error.code)))

const applyGroup = async (pool: pg.Pool, commands: readonly Command[], now: Date): Promise<Outcome[]> => {
  try {
    const results = await inTransaction(pool, (runner) => applyTogether(runner, commands, now))
    return results.map((result) => ({ ok: true, result }))
  } catch (error) {
    if (!isAnswered(error)) return commands.map(() => ({ ok: false, error }))
    if (commands.length === 1 && error !== REFUSAL) return [{ ok: false, error }]
    const outcomes: Outcome[] = []
    for (const command of commands) outcomes.push(await applyAlone(pool, command, now))
    return outcomes
  }
}

type Audits = Map<string, AuditDraft[]>

// Inside the transaction raw statements run through Prisma's own connection, opened for just that call.
const writerTx = (tx: PrismaClient, raw: { open: boolean }, audits: Audits, life: Life): WriterTx => ({
  client: tx,
  run: async (statement, params) => {
    life.check()
    raw.open = true
    try {
      return await tx.$queryRawUnsafe(statement.postgresql, ...positional(statement, params))
    } finally {
      raw.open = false
    }
  },
  audit: (tenantId, drafts) => {
    life.check()
    audits.set(tenantId, [...(audits.get(tenantId) ?? []), ...drafts])
  },
})

const PRISMA_LIMITS = { maxWait: TRANSACTION_DEADLINE_MS, timeout: TRANSACTION_DEADLINE_MS + 2_000 }

const transact = async <T>(
  client: PrismaClient,
  lock: LockMode | null,
  clock: Clock,
  work: (tx: WriterTx) => Promise<T>,
): Promise<T> => {
  const raw = { open: false }
  const life = newLife()
  const door = lock
    ? lockClient(client, { ...lock, isOpen: () => life.isAlive() && lock.isOpen(), allowsRaw: () => raw.open })
    : client
  return door.$transaction(async (tx) => {
    const audits: Audits = new Map()
    const body = work(writerTx(tx as PrismaClient, raw, audits, life))
    const result = await withDeadline(body, TRANSACTION_DEADLINE_MS, TOO_LONG).finally(life.end)
    for (const [tenantId, drafts] of audits) {
      raw.open = true
      await tx.$executeRawUnsafe(INBOX_INSERT_SQL, inboxRows(tenantId, drafts, clock.now()))
      raw.open = false
    }
    return result
  }, PRISMA_LIMITS)
}

export const postgresqlWriter = (pool: pg.Pool, client: PrismaClient, clock: Clock): Writer => {
  const waiting: Waiting[] = []
  const open = new Set<Promise<unknown>>()
  const stats = { queued: 0, mutations: 0, commands: 0, groups: 0, retries: 0 }
  let pump: Promise<void> | null = null

  const flush = async (): Promise<void> => {
    const group = waiting.splice(0, MAX_GROUP)
    const outcomes = await applyGroup(
      pool,
      group.map((item) => item.command),
      clock.now(),
    )
    stats.groups++
    stats.commands += group.length
    group.forEach((item, index) => {
      const outcome = outcomes[index]
      if (outcome?.ok) item.settle(outcome.result)
      else item.fail(outcome?.error)
    })
  }

  const work = async (): Promise<void> => {
    await new Promise<void>((resolve) => setImmediate(resolve))
    while (waiting.length > 0) await flush()
  }

  const wake = (): void => {
    pump ??= work().finally(() => {
      pump = null
      if (waiting.length > 0) wake()
    })
  }

  const retrying = async <T>(attempt: () => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries++) {
      try {
        const result = await attempt()
        stats.mutations++
        return result
      } catch (error) {
        if (!isConflict(error) || tries >= MAX_RETRIES) throw error
        stats.retries++
      }
    }
  }

  return {
    transaction: <T>(lock: LockMode | null, body: (tx: WriterTx) => Promise<T>) => {
      const running = retrying(() => transact(client, lock, clock, body))
      open.add(running)
      const forget = () => void open.delete(running)
      running.then(forget, forget)
      return running
    },
    command: (command) =>
      new Promise((settle, fail) => {
        waiting.push({ command, settle, fail })
        wake()
      }),
    stats: () => ({ ...stats, queued: waiting.length + open.size }),
    drain: async () => {
      while (pump || open.size > 0) await Promise.allSettled([pump, ...open])
    },
  }
}
