import { createHash } from 'node:crypto'
import { checkSchema } from '@/lib/core/json-schema'
import { stableJson } from '@/lib/shared/stable-json'
import type { McpServer } from './declaration'
import { plainText } from './plain-text'

// A tool as a server offers it, bounded and cleaned; `tool` is the name that the server knows it by.
export type McpTool = {
  name: string
  server: string
  tool: string
  description: string
  parameters: Readonly<Record<string, unknown>>
  answers: Readonly<Record<string, unknown>> | null
  isReadOnly: boolean
  schemaHash: string
}

const MOST_DESCRIPTION = 1_000
const MOST_WORDS = 500
const MOST_SCHEMA_BYTES = 64 * 1_024
const MOST_DEPTH = 24
const NAME = /^[A-Za-z0-9_.:/@-]{1,100}$/
const MOST_NAME = 128
const TEXTS: readonly string[] = ['description', 'title', '$comment']

type Json = Record<string, unknown>

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

// The words of a schema are read by a model; its keys and values are its matter and stay as they are.
const cleaned = (value: unknown, depth = 0): unknown => {
  if (depth > MOST_DEPTH) throw new RangeError('nested too deep')
  if (Array.isArray(value)) return value.map((item) => cleaned(item, depth + 1))
  if (!isMap(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      TEXTS.includes(key) && typeof item === 'string' ? plainText(item, MOST_WORDS) : cleaned(item, depth + 1),
    ]),
  )
}

const bounded = (schema: unknown): Json | null => {
  if (!isMap(schema)) return null
  try {
    const clean = cleaned(schema)
    return isMap(clean) && JSON.stringify(schema).length <= MOST_SCHEMA_BYTES ? clean : null
  } catch {
    return null
  }
}

/** What a pin is compared with: everything of a tool that a model or a validator reads. */
export const schemaHashOf = (raw: Json): string => {
  const { name, description, inputSchema, outputSchema } = raw
  return createHash('sha256').update(stableJson({ name, description, inputSchema, outputSchema })).digest('hex')
}

const hashOrNull = (raw: Json): string | null => {
  try {
    return schemaHashOf(raw)
  } catch {
    return null
  }
}

const isPinned = (pin: string, hash: string): boolean => hash.startsWith(pin.replace(/^sha256:/, ''))

const answersOf = (schema: unknown): Json | null => {
  const clean = bounded(schema)
  return clean !== null && checkSchema(clean).length === 0 ? clean : null
}

const parametersOf = (schema: unknown): Json | string => {
  const clean = bounded(schema)
  if (clean === null) return 'its parameters are no JSON schema of an object, or too large'
  if (clean['type'] !== undefined && clean['type'] !== 'object') return 'its parameters are no JSON schema of an object'
  const [fault] = checkSchema(clean)
  return fault ? `its parameters ${fault.path === '' ? '' : `at ${fault.path} `}${fault.message}` : clean
}

export type Offered = { tool: McpTool } | { name: string; refusal: string } | { note: string }

// A secret is taken out before anything is cut: half of one would not be found. Its hash is that of what was said.
type Hide = (value: unknown) => unknown

/** One entry of a server's list: the tool, why it is refused by name, or why it is left out. */
export const offeredTool = (server: McpServer, raw: unknown, hide: Hide): Offered => {
  const about = `A tool of the MCP server ${server.name} is left out`
  if (!isMap(raw) || typeof raw['name'] !== 'string') return { note: `${about}: it has no name` }
  const tool = raw['name']
  const name = `mcp:${server.name}:${tool}`
  if (!NAME.test(tool) || name.length > MOST_NAME)
    return { note: `${about}: ${plainText(tool, 60)} is not the name of a tool` }
  const hash = hashOrNull(raw)
  if (hash === null) return { name, refusal: 'what it says of itself cannot be read' }
  const pin = Object.hasOwn(server.pins, tool) ? server.pins[tool] : undefined
  if (pin !== undefined && !isPinned(pin, hash))
    return { name, refusal: `it changed since it was pinned; it is now sha256:${hash.slice(0, 16)}` }
  const parameters = parametersOf(hide(raw['inputSchema']))
  if (typeof parameters === 'string') return { name, refusal: parameters }
  return {
    tool: {
      name,
      server: server.name,
      tool,
      description: plainText(hide(raw['description']), MOST_DESCRIPTION),
      parameters,
      answers: answersOf(hide(raw['outputSchema'])),
      isReadOnly: server.read_only.includes(tool),
      schemaHash: hash,
    },
  }
}
