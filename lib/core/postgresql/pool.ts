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

export const openPool = (url: string, max: number, options = ''): pg.Pool =>
  new pg.Pool({
    connectionString: url,
    max,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    application_name: 'clasper',
    ...(options ? { options } : {}),
  })

export const query = async (
  runner: pg.Pool | pg.PoolClient,
  text: string,
  values: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> => {
  const { rows } = await runner.query({ text, values: [...values], types: parsers } as pg.QueryConfig)
  return rows as Record<string, unknown>[]
}
