import pg from 'pg'
import { dateOf } from '../clock'

const INT8 = 20
const TIMESTAMP = 1114

const whole = (text: string): number | bigint => (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text))

// Prisma's TIMESTAMP(3) columns carry no zone: what stands in them is UTC.
const parsers = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === INT8) return whole
    if (oid === TIMESTAMP) return (text: string) => dateOf(`${text.replace(' ', 'T')}Z`)
    return pg.types.getTypeParser(oid, format)
  },
}

const STATEMENT_MS = 30_000

// Said on every connection and not in the address, where an operator's own options would replace it.
const RULES = [
  `SET statement_timeout = ${STATEMENT_MS}`,
  'SET lock_timeout = 10000',
  'SET idle_in_transaction_session_timeout = 30000',
]

export const openPool = (url: string, max: number, readOnly = false): pg.Pool => {
  const rules = [...RULES, ...(readOnly ? ['SET default_transaction_read_only = on'] : [])].join('; ')
  const pool = new pg.Pool({
    connectionString: url,
    max,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    query_timeout: STATEMENT_MS + 5_000,
    application_name: 'clasper',
    // The pool waits for it before it hands the connection out.
    onConnect: (client) => client.query(rules) as unknown as undefined,
  })
  pool.on('error', () => undefined)
  return pool
}

export const query = async (
  runner: pg.Pool | pg.PoolClient,
  text: string,
  values: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> => {
  const { rows } = await runner.query({ text, values: [...values], types: parsers } as pg.QueryConfig)
  return rows as Record<string, unknown>[]
}
