import { z } from 'zod'

// A tool that a skill declares: one HTTP request. Secrets are named, never held.
export const SECRET_REFERENCE = /\{\{\s*secret\.([A-Z][A-Z0-9_]{0,63})\s*\}\}/g

// Filled in, encoded, in the path and the query of the address.
export const ARGUMENT_REFERENCE = /\{\{\s*([A-Za-z_][A-Za-z0-9_-]{0,63})\s*\}\}/g

const PROTECTED = new Set([
  ...['host', 'content-length', 'transfer-encoding', 'connection', 'upgrade', 'te', 'trailer', 'keep-alive'],
  ...['cookie', 'proxy-authorization', 'proxy-connection', 'expect'],
])

const hasBraces = (text: string): boolean => /\{\{|\}\}/.test(text)

// Judged as the parser of addresses reads it, which skips what it does not like: it may name another host than it seems.
const hostIsFixed = (text: string): boolean => {
  const written = /^https?:\/\/([^/?#\\]+)(?=[/?#]|$)/i.exec(text)?.[1] ?? ''
  const read = URL.canParse(text) ? new URL(text) : null
  if (!read || written === '' || /[{}%]/.test(`${written}${read.host}`)) return false
  return new URL(`${read.protocol}//${written}`).host === read.host
}

const Url = z
  .string()
  .max(2048)
  .refine(
    (text) => !/[\p{Cc}\p{Cf}\p{Z}\\]/u.test(text.replace(ARGUMENT_REFERENCE, '')),
    'must not hold blanks, control characters or backslashes',
  )
  .refine((text) => URL.canParse(text) && /^https?:\/\//i.test(text), 'must be an http(s) URL')
  .refine((text) => !URL.canParse(text) || new URL(text).username === '', 'must not carry a user name or password')
  .refine(hostIsFixed, 'must name its host without arguments')
  .refine(
    (text) => !/[{}]/.test(text.replace(ARGUMENT_REFERENCE, '')),
    'may hold {{argument}} after the host, and no secrets: addresses end up in logs',
  )

const HeaderValue = z
  .string()
  .max(4096)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'must be one line of plain text')
  .refine((text) => !hasBraces(text.replace(SECRET_REFERENCE, '')), 'may hold {{secret.NAME}} and no other braces')

const HeaderName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'must be a header name')
  .refine((name) => !PROTECTED.has(name.toLowerCase()), 'is a header that a skill may not set')

export const SkillHttpTool = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be lower case letters, digits and _, beginning with a letter'),
  description: z.string().min(1).max(1024),
  parameters: z.looseObject({ type: z.literal('object') }).default({ type: 'object', properties: {} }),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
  url: Url,
  headers: z.record(HeaderName, HeaderValue).default({}),
})
export type SkillHttpTool = z.output<typeof SkillHttpTool> & { skill: string }

const MOST_TOOLS = 16

const named = (item: unknown, at: number): string => {
  const name = typeof item === 'object' && item !== null && 'name' in item ? item.name : undefined
  return typeof name === 'string' ? name : `number ${at + 1}`
}

const faultOf = (issue: z.core.$ZodIssue | undefined): string => {
  if (!issue) return 'cannot be read'
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message
  return issue.path.length > 0 ? `${issue.path.join('.')} ${message}` : message
}

export const readHttpTools = (value: unknown, skill: string): { tools: SkillHttpTool[]; warnings: string[] } => {
  if (value === undefined) return { tools: [], warnings: [] }
  if (!Array.isArray(value)) return { tools: [], warnings: ['metadata.clasper.tools is no list; it is left out'] }
  const tools: SkillHttpTool[] = []
  const warnings: string[] = []
  for (const [at, item] of value.slice(0, MOST_TOOLS).entries()) {
    const read = SkillHttpTool.safeParse(item)
    if (!read.success) warnings.push(`Tool ${named(item, at)} is left out: ${faultOf(read.error.issues[0])}`)
    else if (tools.some((tool) => tool.name === read.data.name))
      warnings.push(`Tool ${read.data.name} is left out: it is declared twice`)
    else tools.push({ ...read.data, skill })
  }
  if (value.length > MOST_TOOLS) warnings.push(`A skill declares at most ${MOST_TOOLS} tools; the rest is left out`)
  return { tools, warnings }
}
