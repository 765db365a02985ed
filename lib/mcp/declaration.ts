import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { parse } from 'yaml'
import { z } from 'zod'
import { kernel } from '@/lib/core/kernel'
import { stableJson } from '@/lib/shared/stable-json'

export const MCP_FILE = 'mcp.yaml'
export const SECRET = /\{\{\s*secret\.([A-Z][A-Z0-9_]{0,63})\s*\}\}/g

const MOST_SERVERS = 32
const MOST_ALIASES = 20
const MOST_KEPT = 200

// What decides which program runs or what it loads; whoever lists commands means those, and not these.
const UNSAFE_VARIABLES = new RegExp(
  `^(?:${[
    'PATH|HOME|TMPDIR|SHELL|ENV|BASH_ENV|BASH_FUNC_.*|IFS|PS4|XDG_.*|LD_.*|DYLD_.*|GLIBC_.*|GCONV_PATH|GIT_.*|SSH_.*',
    'NODE_(?!ENV$).*|NPM_.*|YARN_.*|PNPM_.*|COREPACK_.*|BUN_.*|DENO_.*|UV_.*|PIP_.*|PIPX_.*|PYTHON.*|VIRTUAL_ENV|CONDA_.*',
    'PERL.*|RUBY.*|GEM_.*|BUNDLE_.*|PHP.*|COMPOSER_.*|LUA_.*|CARGO_.*|RUSTC.*|RUSTUP_.*|DOCKER_.*|CONTAINER.*_(?:HOST|CONF)',
    'GO(?:FLAGS|PROXY|ENV|PATH|ROOT|BIN|SUMDB|NOSUMDB|PRIVATE|INSECURE|TOOLCHAIN)|DOTNET_.*|CORECLR_.*|COMPLUS_.*',
    'CLASSPATH|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_.*OPTIONS',
  ].join('|')})$`,
  'i',
)
const OUR_HEADERS =
  /^(?:host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|accept|mcp-.*|last-event-id|cookie|proxy-.*|forwarded|x-forwarded-.*)$/i

const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u, 'must be one line')
const hasStrayBraces = (text: string): boolean => /\{\{|\}\}/.test(text.replace(SECRET, ''))
const value = z
  .string()
  .max(4_096)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must be one line')
  .refine((text) => !hasStrayBraces(text), 'may hold {{secret.NAME}} and no other braces')

const toolName = z.string().regex(/^[A-Za-z0-9_.:/@-]{1,128}$/, 'must be the name of a tool')
const toolNames = z.array(toolName).max(512)
const pin = z.string().regex(/^(?:sha256:)?[0-9a-f]{16,64}$/, 'must be the first 16 or more hex digits of its hash')

const common = {
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'must be lower-case letters, digits, - and _'),
  tools: toolNames.optional(),
  read_only: toolNames.default([]),
  pins: z.record(toolName, pin).default({}),
  timeout_ms: z.int().min(100).max(600_000).optional(),
}

const Stdio = z.strictObject({
  ...common,
  transport: z.literal('stdio'),
  command: line(1_024)
    .refine((text) => text.trim() === text, 'must not begin or end with blanks')
    .refine((text) => !text.includes('/') || text.startsWith('/'), 'must be a name or a whole path'),
  args: z
    .array(
      z
        .string()
        .max(4_096)
        .regex(/^[^\0]*$/),
    )
    .max(64)
    .default([]),
  env: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'must be the name of a variable')
        .refine((name) => !UNSAFE_VARIABLES.test(name), 'may not be set'),
      value,
    )
    .default({}),
})

const Http = z.strictObject({
  ...common,
  transport: z.literal('http'),
  url: line(2_048).refine((text) => /^https?:\/\//i.test(text) && URL.canParse(text), 'must be an http(s) address'),
  headers: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'must be the name of a header')
        .refine((name) => !OUR_HEADERS.test(name), 'is set by the protocol'),
      value,
    )
    .default({}),
})

const Server = z.discriminatedUnion('transport', [Stdio, Http])

// One server as a workspace declares it. The hash tells declarations apart; connections are kept by it.
export type McpServer = Readonly<z.output<typeof Server>> & { readonly hash: string }
export type StdioServer = Extract<McpServer, { transport: 'stdio' }>
export type HttpServer = Extract<McpServer, { transport: 'http' }>

export type McpFile = { servers: readonly McpServer[]; faults: readonly string[] }

const isMap = (found: unknown): found is Record<string, unknown> =>
  typeof found === 'object' && found !== null && !Array.isArray(found)

// `servers` is a list of servers with names, or a map by name.
const listed = (servers: unknown): unknown[] | null => {
  if (Array.isArray(servers)) return servers
  if (!isMap(servers)) return null
  return Object.entries(servers).map(([name, rest]) => (isMap(rest) ? { ...rest, name } : { name }))
}

const nameOf = (raw: unknown, at: number): string =>
  isMap(raw) && typeof raw['name'] === 'string' ? raw['name'].slice(0, 40) : `number ${at + 1}`

const readOne = (raw: unknown, at: number): McpServer | string => {
  const read = Server.safeParse(raw)
  if (read.success)
    return { ...read.data, hash: createHash('sha256').update(stableJson(read.data)).digest('hex').slice(0, 32) }
  const [issue] = read.error.issues
  const where = issue?.path.length ? ` ${issue.path.map(String).join('.')}` : ''
  return `${MCP_FILE}: the server ${nameOf(raw, at)} is left out:${where} ${issue?.message ?? 'cannot be read'}`
}

const NOTHING: McpFile = { servers: [], faults: [] }
const refusedWhole = (why: string): McpFile => ({
  servers: [],
  faults: [`${MCP_FILE} ${why}; its servers are left out`],
})

const parsed = (text: string): unknown => {
  try {
    return parse(text, { maxAliasCount: MOST_ALIASES, logLevel: 'error' })
  } catch {
    return undefined
  }
}

const readFile = (text: string): McpFile => {
  const found = parsed(text)
  if (found === undefined) return refusedWhole('is not valid YAML')
  if (found === null) return NOTHING
  const raw = isMap(found) ? listed(found['servers']) : null
  if (raw === null) return refusedWhole('needs servers, as a list or by name')
  if (raw.length > MOST_SERVERS) return refusedWhole(`names more than ${MOST_SERVERS} servers`)
  const faults: string[] = []
  const byName = new Map<string, McpServer>()
  for (const [at, item] of raw.entries()) {
    const read = readOne(item, at)
    if (typeof read === 'string') faults.push(read)
    else if (byName.has(read.name)) faults.push(`${MCP_FILE}: a second server ${read.name} is left out`)
    else byName.set(read.name, read)
  }
  return { servers: [...byName.values()], faults }
}

/** The servers that a workspace declares. What cannot be read is left out, with a word for each. */
export const mcpFile = (text: string | undefined): McpFile => {
  if (text === undefined || text.trim() === '') return NOTHING
  const known = kernel().slot('mcp.files', () => new LRUCache<string, McpFile>({ max: MOST_KEPT }))
  const key = createHash('sha256').update(text).digest('hex')
  const found = known.get(key) ?? readFile(text)
  known.set(key, found)
  return found
}
