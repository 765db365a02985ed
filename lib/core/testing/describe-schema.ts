import { dialectOf } from '../migrate/target'
import { type Ask, type RawRow, withRawQueries } from './raw-query'

export type SchemaDescription = {
  tables: Record<string, string[]>
  triggers: string[]
  functions: string[]
}

const text = (row: RawRow, name: string) => String(row[name] ?? '')
const line = (row: RawRow, names: readonly string[]) => names.map((name) => `${name}=${text(row, name)}`).join(' ')

const sqliteIndex = async (ask: Ask, index: RawRow) => {
  const name = text(index, 'name')
  const columns = await ask(`PRAGMA index_xinfo("${name}")`)
  const keys = columns
    .filter((column) => Number(column['key']) === 1)
    .map((column) => line(column, ['name', 'desc', 'coll']))
  const shownName = text(index, 'origin') === 'c' ? name : ''
  return `index ${shownName} ${line(index, ['unique', 'origin', 'partial'])} (${keys.join(', ')})`
}

const sqliteTable = async (ask: Ask, name: string, sql: string) => {
  const columns = await ask(`PRAGMA table_xinfo("${name}")`)
  const foreign = await ask(`PRAGMA foreign_key_list("${name}")`)
  const indexes = await ask(`PRAGMA index_list("${name}")`)
  return [
    `table autoincrement=${/\bAUTOINCREMENT\b/i.test(sql)} strict=${/\bSTRICT\s*$/i.test(sql)}`,
    ...columns.map((column) => `column ${line(column, ['name', 'type', 'notnull', 'dflt_value', 'pk', 'hidden'])}`),
    ...foreign.map((key) => `foreign ${line(key, ['seq', 'table', 'from', 'to', 'on_update', 'on_delete', 'match'])}`),
    ...(await Promise.all(indexes.map((index) => sqliteIndex(ask, index)))),
  ].sort()
}

const describeSqlite = async (ask: Ask): Promise<SchemaDescription> => {
  const objects = await ask(`SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'`)
  const tables: Record<string, string[]> = {}
  for (const object of objects.filter((candidate) => candidate['type'] === 'table')) {
    tables[text(object, 'name')] = await sqliteTable(ask, text(object, 'name'), text(object, 'sql'))
  }
  const triggers = objects.filter((object) => object['type'] === 'trigger').map((object) => text(object, 'name'))
  return { tables, triggers: triggers.sort(), functions: [] }
}

const HERE = `relnamespace = 'public'::regnamespace`
const POSTGRES_LINES = `
  SELECT c.relname AS "table", concat('table kind=', relkind, ' persistence=', relpersistence) AS "line"
    FROM pg_class c WHERE ${HERE} AND relkind IN ('r', 'p', 'v', 'm')
  UNION ALL
  SELECT c.relname, concat('column ', attname, ' ', format_type(atttypid, atttypmod), ' notnull=', attnotnull,
      ' identity=', attidentity, ' default=', pg_get_expr(adbin, adrelid))
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE ${HERE} AND relkind IN ('r', 'p', 'v', 'm')
  UNION ALL
  SELECT c.relname, concat('constraint ', conname, ' ', pg_get_constraintdef(k.oid))
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE ${HERE} AND contype <> 't'
  UNION ALL
  SELECT tablename, concat('index ', indexdef) FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL
  SELECT concat('enum ', typname), concat(enumsortorder, ' ', enumlabel)
    FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid`
const POSTGRES_TRIGGERS = `SELECT tgname AS name FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O' ORDER BY 1`
const POSTGRES_FUNCTIONS = `SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1`

const describePostgres = async (ask: Ask): Promise<SchemaDescription> => {
  const tables: Record<string, string[]> = {}
  for (const row of await ask(POSTGRES_LINES)) {
    const known = tables[text(row, 'table')] ?? []
    tables[text(row, 'table')] = [...known, text(row, 'line')].sort()
  }
  const names = (rows: RawRow[]) => rows.map((row) => text(row, 'name')).sort()
  return { tables, triggers: names(await ask(POSTGRES_TRIGGERS)), functions: names(await ask(POSTGRES_FUNCTIONS)) }
}

/** What a database consists of, in words that do not depend on the order in which it was made. */
export const describeSchema = (url: string): Promise<SchemaDescription> =>
  withRawQueries(url, dialectOf(url) === 'sqlite' ? describeSqlite : describePostgres)
