// Narrow SQL that Prisma would be too slow for. It is written once with :names (or once per dialect),
// lives in a room's sql.ts, and always binds :tenant.
export type Dialect = 'sqlite' | 'postgresql'

type Text = string | Readonly<Record<Dialect, string>>

type Compiled = { sqlite: string; postgresql: string; names: readonly string[] }

export type ReadStatement = Compiled & { readonly kind: 'read' }

// One JSON parameter :rows; each row carries `i` and `tenant_id`. RETURNING names the rows that were applied.
export type WriteStatement = Compiled & { readonly kind: 'write'; readonly name: string }

const NAME = /(?<![:\w]):([a-z_]+)/g

const compile = (text: Text, required: string): Compiled => {
  const sqlite = typeof text === 'string' ? text : text.sqlite
  const source = typeof text === 'string' ? text : text.postgresql
  const names: string[] = []
  const postgresql = source.replace(NAME, (_, name: string) => {
    if (!names.includes(name)) names.push(name)
    return `$${names.indexOf(name) + 1}`
  })
  const found = new Set([...sqlite.matchAll(NAME)].map((match) => match[1]))
  if (!found.has(required) || !names.includes(required)) throw new Error(`A statement must bind :${required}`)
  return { sqlite, postgresql, names }
}

export const readStatement = (text: Text): ReadStatement => ({ kind: 'read', ...compile(text, 'tenant') })

export const writeStatement = (name: string, text: Text): WriteStatement => ({
  kind: 'write',
  name,
  ...compile(text, 'rows'),
})

export type Params = Readonly<Record<string, string | number | bigint | null>>

export const positional = (statement: Compiled, params: Params): (string | number | bigint | null)[] =>
  statement.names.map((name) => params[name] ?? null)

export const namedFor = (statement: Compiled, params: Params): Params =>
  Object.fromEntries(
    [...new Set([...statement.sqlite.matchAll(NAME)].map((match) => match[1] ?? ''))].map((name) => [
      name,
      params[name] ?? null,
    ]),
  )

const FIRST_TIME = '0001-01-01T00:00:00.000+00:00'
const LAST_TIME = '9999-12-31T23:59:59.999+00:00'

// DateTime as both databases read it from a JSON parameter: years of four digits, in the order of their text.
export const storedTime = (date: Date): string => {
  const text = date.toISOString()
  if (text.startsWith('+')) return LAST_TIME
  return text.startsWith('-') || text.startsWith('0000') ? FIRST_TIME : text.replace('Z', '+00:00')
}
