import { dialectOf } from '../migrate/target'
import { type Ask, type RawRow, withRawQueries } from './raw-query'

type Column = { table: string; name: string; type: string }

// A full-text index is no table of rows: what lies in it comes by triggers.
const SQLITE_COLUMNS = `SELECT m.name AS "table", c.name AS name, lower(c.type) AS type
  FROM pragma_table_list m, pragma_table_info(m.name) c
  WHERE m.type = 'table' AND m.schema = 'main' AND m.name NOT LIKE 'sqlite_%' AND m.name <> '_prisma_migrations' ORDER BY 1, c.cid`

const POSTGRES_COLUMNS = `SELECT c.relname AS "table", a.attname AS name, format_type(atttypid, NULL) AS type
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped
  WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relpersistence = 'p'
    AND relname <> '_prisma_migrations' ORDER BY 1, attnum`

const LITERALS: readonly [RegExp, string][] = [
  [/^json/, `'{"kept": "ü\u{1F9BE}"}'`],
  [/^(datetime|timestamp)/, `'2026-01-01T00:00:00.000+00:00'`],
  [/^(int|bigint|smallint|numeric|decimal|double|real|float)/, '1'],
  [/^bool/, 'true'],
  [/^(bytea|blob)/, `'kept'`],
  [/^(text|character|varchar|uuid)/, `'kept'`],
]

const literalOf = ({ table, name, type }: Column) => {
  const found = LITERALS.find(([pattern]) => pattern.test(type))
  if (found === undefined) throw new Error(`No sample value for ${table}.${name} of type ${type}`)
  return found[1]
}

const columnsOf = async (url: string, ask: Ask): Promise<Map<string, Column[]>> => {
  const rows = await ask(dialectOf(url) === 'sqlite' ? SQLITE_COLUMNS : POSTGRES_COLUMNS)
  const columns = rows.map((row) => ({
    table: String(row['table']),
    name: String(row['name']),
    type: String(row['type']),
  }))
  const names = new Set(columns.map(({ table }) => table))
  return new Map([...names].map((table) => [table, columns.filter((column) => column.table === table)]))
}

const without = (url: string) =>
  dialectOf(url) === 'sqlite'
    ? { begin: 'PRAGMA foreign_keys = OFF', end: 'PRAGMA foreign_keys = ON' }
    : { begin: 'SET session_replication_role = replica', end: 'RESET session_replication_role' }

/** One row in every table of a database of any age; every text reads the same, so the rows refer to each other. */
export const insertSampleRows = (url: string): Promise<string[]> =>
  withRawQueries(url, async (ask) => {
    const tables = await columnsOf(url, ask)
    await ask(without(url).begin)
    for (const [table, columns] of tables) {
      const names = columns.map(({ name }) => `"${name}"`).join(', ')
      await ask(`INSERT INTO "${table}" (${names}) VALUES (${columns.map(literalOf).join(', ')})`)
    }
    await ask(without(url).end)
    return [...tables.keys()]
  })

/** What the given tables hold, for comparing before and after. */
export const readRows = (url: string, tables: readonly string[]): Promise<Record<string, RawRow[]>> =>
  withRawQueries(url, async (ask) => {
    const found: Record<string, RawRow[]> = {}
    for (const table of tables) found[table] = await ask(`SELECT * FROM "${table}"`)
    return found
  })
