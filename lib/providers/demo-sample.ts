type Schema = Record<string, unknown>

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const text = (schema: Schema, hint: string): string => {
  const least = typeof schema['minLength'] === 'number' ? schema['minLength'] : 0
  const most = typeof schema['maxLength'] === 'number' ? schema['maxLength'] : 200
  const format = schema['format']
  if (format === 'date') return '2026-01-01'
  if (format === 'date-time') return '2026-01-01T00:00:00Z'
  if (format === 'email') return 'demo@example.com'
  return (hint === '' ? 'demo' : hint).slice(0, most).padEnd(least, '.')
}

const number = (schema: Schema): number => {
  const least = schema['minimum'] ?? schema['exclusiveMinimum']
  const most = schema['maximum']
  const wanted = typeof least === 'number' ? least + (schema['minimum'] === undefined ? 1 : 0) : 1
  return typeof most === 'number' ? Math.min(most, wanted) : wanted
}

const object = (schema: Schema, hint: string): Record<string, unknown> => {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {}
  return Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, sampleOf(part, hint)]))
}

const array = (schema: Schema, hint: string): unknown[] => {
  const least = typeof schema['minItems'] === 'number' ? schema['minItems'] : 1
  return Array.from({ length: Math.min(100, Math.max(1, least)) }, () => sampleOf(schema['items'], hint))
}

const typeOf = (schema: Schema): unknown => {
  const { type } = schema
  return Array.isArray(type)
    ? type.find((one) => one !== 'null')
    : (type ?? ('properties' in schema ? 'object' : 'string'))
}

// The simplest value that fits the schema, as far as one can be told without solving it.
export const sampleOf = (schema: unknown, hint: string): unknown => {
  if (!isSchema(schema)) return hint
  if ('const' in schema) return schema['const']
  if ('default' in schema) return schema['default']
  if (Array.isArray(schema['enum'])) return schema['enum'][0]
  const choice = [schema['anyOf'], schema['oneOf'], schema['allOf']].find((list) => Array.isArray(list))
  if (Array.isArray(choice)) return sampleOf(choice[0], hint)
  const type = typeOf(schema)
  if (type === 'object') return object(schema, hint)
  if (type === 'array') return array(schema, hint)
  if (type === 'number' || type === 'integer') return number(schema)
  if (type === 'boolean') return true
  return type === 'null' ? null : text(schema, hint)
}

// The first JSON object in the text that reads like a schema.
export const schemaIn = (source: string): unknown => {
  for (let from = source.indexOf('{'); from >= 0; from = source.indexOf('{', from + 1)) {
    const value = wholeObjectAt(source, from)
    if (isSchema(value) && ('properties' in value || 'enum' in value || typeof value['type'] === 'string')) return value
  }
  return null
}

const wholeObjectAt = (source: string, from: number): unknown => {
  let depth = 0
  let isQuoted = false
  for (let at = from; at < source.length; at++) {
    const sign = source[at]
    if (isQuoted && sign === '\\') at += 1
    else if (sign === '"') isQuoted = !isQuoted
    else if (!isQuoted && sign === '{') depth += 1
    else if (!isQuoted && sign === '}' && --depth === 0) return parsed(source.slice(from, at + 1))
  }
  return null
}

const parsed = (source: string): unknown => {
  try {
    return JSON.parse(source)
  } catch {
    return null
  }
}
