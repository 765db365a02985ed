import { Problem } from '@/lib/shared/problem'
import { appendAudit } from '../audit/append-sqlite'
import type { AuditDraft } from '../audit/draft'
import { type Clock, monotonicMs } from '../clock'
import type { PrismaClient } from '../generated/sqlite/client'
import { namedFor, type Params } from '../statement'
import { type LockMode, lockClient, mortal } from '../tenant-lock'
import {
  BUSY_DEADLINE_MS,
  type Command,
  type CommandResult,
  MAX_GROUP,
  newLife,
  TOO_LONG,
  TRANSACTION_DEADLINE_MS,
  type Writer,
  type WriterTx,
  withDeadline,
} from '../writer'
import { applyGroup } from './group'
import { isBusy, prepared, type SqliteHandle } from './handle'

type Job =
  | { kind: 'transaction'; run: () => Promise<void> }
  | { kind: 'command'; command: Command; settle: (result: CommandResult) => void; fail: (error: unknown) => void }

type CommandJob = Extract<Job, { kind: 'command' }>

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

// Another process may hold the file. Waiting inside SQLite would stop this event loop, so we wait outside.
const beginWhenFree = async (handle: SqliteHandle, onRetry: () => void): Promise<void> => {
  const deadline = monotonicMs() + BUSY_DEADLINE_MS
  for (let attempt = 0; ; attempt++) {
    try {
      handle.exec('BEGIN IMMEDIATE')
      return
    } catch (error) {
      if (!isBusy(error)) throw error
      if (monotonicMs() > deadline)
        throw new Problem('unavailable', 'The database is busy', undefined, { cause: error })
      onRetry()
      await pause(Math.min(1 + attempt, 10) * (0.5 + Math.random()))
    }
  }
}

const rollback = (handle: SqliteHandle): void => {
  if (handle.inTransaction) handle.exec('ROLLBACK')
}

export const rowsOf = (handle: SqliteHandle, sql: string, params: Params): Record<string, unknown>[] => {
  const statement = prepared(handle, sql)
  if (statement.reader) return statement.all(params) as Record<string, unknown>[]
  statement.run(params)
  return []
}

export const sqliteWriter = (handle: SqliteHandle, client: PrismaClient, clock: Clock): Writer => {
  const queue: Job[] = []
  const stats = { queued: 0, mutations: 0, commands: 0, groups: 0, retries: 0 }
  let pump: Promise<void> | null = null
  const onRetry = () => {
    stats.retries++
  }

  const runTransaction = async <T>(lock: LockMode | null, work: (tx: WriterTx) => Promise<T>): Promise<T> => {
    await beginWhenFree(handle, onRetry)
    const audits: [string, readonly AuditDraft[]][] = []
    const life = newLife()
    try {
      const tx: WriterTx = {
        client: lock
          ? lockClient(client, { ...lock, isOpen: () => life.isAlive() && lock.isOpen() })
          : mortal(client, life.check),
        run: async (statement, params) => {
          life.check()
          return rowsOf(handle, statement.sqlite, namedFor(statement, params))
        },
        audit: (tenantId, drafts) => {
          life.check()
          audits.push([tenantId, drafts])
        },
      }
      const result = await withDeadline(work(tx), TRANSACTION_DEADLINE_MS, TOO_LONG)
      life.end()
      for (const [tenantId, drafts] of audits) appendAudit(handle, tenantId, [...drafts], clock.now())
      handle.exec('COMMIT')
      stats.mutations++
      return result
    } catch (error) {
      life.end()
      rollback(handle)
      throw error
    }
  }

  const runGroup = async (jobs: CommandJob[]): Promise<void> => {
    await beginWhenFree(handle, onRetry)
    try {
      const outcomes = applyGroup(
        handle,
        jobs.map((job) => job.command),
        clock.now(),
      )
      handle.exec('COMMIT')
      stats.groups++
      stats.commands += jobs.length
      jobs.forEach((job, index) => {
        const outcome = outcomes[index]
        if (outcome?.ok) job.settle(outcome.result)
        else job.fail(outcome?.error)
      })
    } catch (error) {
      rollback(handle)
      throw error
    }
  }

  const takeGroup = (): CommandJob[] => {
    const taken = queue.filter((job): job is CommandJob => job.kind === 'command').slice(0, MAX_GROUP)
    const chosen = new Set<Job>(taken)
    queue.splice(0, queue.length, ...queue.filter((job) => !chosen.has(job)))
    return taken
  }

  const work = async (): Promise<void> => {
    await turn()
    while (queue.length > 0) {
      const head = queue[0]
      if (head?.kind === 'transaction') {
        queue.shift()
        await head.run()
        continue
      }
      const group = takeGroup()
      await runGroup(group).catch((error: unknown) => {
        for (const job of group) job.fail(error)
      })
      await turn()
    }
  }

  const wake = (): void => {
    pump ??= work().finally(() => {
      pump = null
      if (queue.length > 0) wake()
    })
  }

  return {
    transaction: <T>(lock: LockMode | null, body: (tx: WriterTx) => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        queue.push({ kind: 'transaction', run: () => runTransaction(lock, body).then(resolve, reject) })
        wake()
      }),
    command: (command) =>
      new Promise((settle, fail) => {
        queue.push({ kind: 'command', command, settle, fail })
        wake()
      }),
    stats: () => ({ ...stats, queued: queue.length }),
    drain: async () => {
      while (pump) await pump
    },
  }
}
