import type { PrismaClient } from './generated/sqlite/client'
import { kernel } from './kernel'
import type { Params, ReadStatement, WriteStatement } from './statement'

// No tenant lock here: only the core itself, auth/store*, jobs/store* and the seed may import this file.
export type SystemWrite = {
  client: PrismaClient
  run(statement: ReadStatement | WriteStatement, params: Params): Promise<Record<string, unknown>[]>
}

export const systemDb = (): PrismaClient => kernel().db.reader

// Bookkeeping that no person decided: sessions, leases, last-used stamps.
export const systemWrite = async <T>(work: (tx: SystemWrite) => Promise<T>): Promise<T> =>
  kernel().db.writer.transaction(null, (tx) => work({ client: tx.client, run: tx.run }))
