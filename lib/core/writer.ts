import type { AuditDraft } from './audit/draft'
import type { PrismaClient } from './generated/sqlite/client'
import type { Params, ReadStatement, WriteStatement } from './statement'
import type { LockMode } from './tenant-lock'

// The one door through which rows change. Transactions run one at a time (SQLite) or ordered by the
// tenant's audit head at commit (PostgreSQL); commands that wait for the writer form the next group.
export type WriterTx = {
  client: PrismaClient
  run(statement: ReadStatement | WriteStatement, params: Params): Promise<Record<string, unknown>[]>
  audit(tenantId: string, drafts: readonly AuditDraft[]): void
}

export type CommandWrite = { statement: WriteStatement; rows: readonly object[]; guard?: boolean }
export type Command = { tenantId: string; audit: readonly AuditDraft[]; writes: readonly CommandWrite[] }

// `applied` is false when a guarded row was refused: then nothing of the command was written.
export type CommandResult = { applied: boolean; results: readonly (readonly Record<string, unknown>[])[] }

export type WriterStats = { queued: number; mutations: number; commands: number; groups: number; retries: number }

export type Writer = {
  transaction<T>(lock: LockMode | null, work: (tx: WriterTx) => Promise<T>): Promise<T>
  command(command: Command): Promise<CommandResult>
  stats(): WriterStats
  drain(): Promise<void>
}

export const MAX_GROUP = 500
export const TRANSACTION_DEADLINE_MS = 10_000
export const BUSY_DEADLINE_MS = 10_000

export const TOO_LONG = 'The transaction took too long'

// What was handed out for a transaction is worth nothing once it is over, however long somebody keeps it.
export type Life = { check(): void; isAlive(): boolean; end(): void }

export const newLife = (): Life => {
  let alive = true
  return {
    check: () => {
      if (!alive) throw new Error('The transaction is over')
    },
    isAlive: () => alive,
    end: () => {
      alive = false
    },
  }
}

export const withDeadline = async <T>(work: Promise<T>, ms: number, message: string): Promise<T> => {
  let fail: (error: Error) => void = () => undefined
  const promise = new Promise<never>((_, reject) => {
    fail = reject
  })
  const timer = setTimeout(() => fail(new Error(message)), ms)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
