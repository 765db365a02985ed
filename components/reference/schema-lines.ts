import { z } from 'zod'

export type SchemaLine = { path: string; depth: number; name: string; type: string; required: boolean; note: string }

const Node = z
  .object({
    type: z.union([z.string(), z.array(z.string())]),
    properties: z.record(z.string(), z.unknown()),
    required: z.array(z.string()),
    items: z.unknown(),
    anyOf: z.array(z.unknown()),
    additionalProperties: z.unknown(),
    enum: z.array(z.unknown()),
    const: z.unknown(),
    format: z.string(),
    description: z.string(),
    default: z.unknown(),
    minimum: z.number(),
    maximum: z.number(),
    maxLength: z.number(),
  })
  .partial()
  .loose()

type Node = z.infer<typeof Node>

const MOST_DEPTH = 6

const read = (schema: unknown): Node => Node.safeParse(schema).data ?? {}

const some = (schema: Node): Node => {
  const options = schema.anyOf?.map(read).filter((option) => option.type !== 'null') ?? []
  return options.length === 1 ? (options[0] ?? {}) : schema
}

const isNullable = (schema: Node): boolean => schema.anyOf?.some((option) => read(option).type === 'null') ?? false

const bareType = (schema: Node): string => {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map(String).join(' | ')
  if (schema.anyOf) return schema.anyOf.map((option) => typeOf(read(option))).join(' | ')
  if (schema.items !== undefined) return `${typeOf(read(schema.items))}[]`
  const types = [schema.type ?? 'any'].flat()
  const type = types.filter((name) => name !== 'null' || types.length === 1).join(' | ')
  const named = schema.format ? `${type} (${schema.format})` : type
  return types.length > 1 && types.includes('null') ? `${named} or null` : named
}

export const typeOf = (schema: unknown): string => {
  const node = read(schema)
  const inner = some(node)
  return isNullable(node) && inner !== node ? `${bareType(inner)} or null` : bareType(node)
}

export const noteOf = (schema: unknown): string => {
  const node = read(schema)
  const inner = some(node)
  const range = inner.maximum !== undefined && inner.maximum < Number.MAX_SAFE_INTEGER
  return [
    node.description ?? inner.description ?? '',
    range ? `${inner.minimum ?? 0} to ${inner.maximum}` : '',
    inner.maxLength ? `at most ${inner.maxLength} characters` : '',
    node.default === undefined ? '' : `default ${JSON.stringify(node.default)}`,
  ]
    .filter(Boolean)
    .join(' · ')
}

const inside = (schema: unknown): Node => {
  const node = some(read(schema))
  return node.items === undefined ? node : inside(node.items)
}

export const schemaLines = (schema: unknown, depth = 0, parent = ''): SchemaLine[] => {
  const node = inside(schema)
  if (depth > MOST_DEPTH) return []
  return Object.entries(node.properties ?? {}).flatMap(([name, property]) => [
    {
      path: `${parent}.${name}`,
      depth,
      name,
      type: typeOf(property),
      required: node.required?.includes(name) ?? false,
      note: noteOf(property),
    },
    ...schemaLines(property, depth + 1, `${parent}.${name}`),
  ])
}
