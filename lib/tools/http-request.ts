import { ARGUMENT_REFERENCE, SECRET_REFERENCE, type SkillHttpTool } from '@/lib/skills'
import { type Arguments, ToolFault } from './tool'

export type HttpRequest = {
  method: SkillHttpTool['method']
  url: string
  headers: Record<string, string>
  body?: string
  // What must not be seen in an answer.
  secrets: readonly string[]
}

const MOST_URL = 8_192
const LEAST_SECRET = 4

type Filled = { text: string; used: Set<string>; isMissing: boolean }

const isAbsent = (value: unknown): boolean => value === undefined || value === null

const wordOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const encoded = (text: string): string => {
  try {
    return encodeURIComponent(text)
  } catch {
    throw new ToolFault('an argument holds half a letter')
  }
}

const ownValue = (args: Arguments, name: string): unknown => (Object.hasOwn(args, name) ? args[name] : undefined)

const fill = (template: string, args: Arguments): Filled => {
  const filled: Filled = { text: '', used: new Set(), isMissing: false }
  filled.text = template.replace(ARGUMENT_REFERENCE, (_, name: string) => {
    filled.used.add(name)
    const value = ownValue(args, name)
    if (isAbsent(value)) filled.isMissing = true
    return isAbsent(value) ? '' : encoded(wordOf(value))
  })
  return filled
}

const isDots = (segment: string): boolean => /^(?:\.|%2e){1,2}$/i.test(segment)

// A value fills a segment of the path, or a part of one; it never becomes another path.
const fillPath = (path: string, args: Arguments): Filled => {
  const filled = fill(path, args)
  const missing = [...filled.used].find((name) => isAbsent(ownValue(args, name)))
  if (missing !== undefined) throw new ToolFault(`${missing} is needed for the address`)
  const templates = path.split('/')
  const segments = filled.text.split('/')
  const isOut = segments.some((segment, i) => templates[i] !== segment && (segment === '' || isDots(segment)))
  if (isOut || templates.length !== segments.length) throw new ToolFault('an argument does not fit into the address')
  return filled
}

const fillQuery = (query: string, args: Arguments): Filled => {
  const parts = query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => fill(part, args))
  return {
    text: parts
      .filter(({ isMissing }) => !isMissing)
      .map(({ text }) => text)
      .join('&'),
    used: new Set(parts.flatMap(({ used }) => [...used])),
    isMissing: false,
  }
}

// Scheme, host and port are what the skill wrote; arguments come after them.
const partsOf = (url: string): { origin: string; path: string; query: string } => {
  const [, origin = '', rest = ''] = /^(https?:\/\/[^/?#{}%\\\s\p{Cc}\p{Cf}]+)([^#]*)/iu.exec(url) ?? []
  if (origin === '' || !URL.canParse(origin) || (rest !== '' && !/^[/?]/.test(rest)))
    throw new ToolFault('the address of the tool is not usable')
  const [path = '', ...query] = rest.split('?')
  return { origin, path: path === '' ? '/' : path, query: query.join('?') }
}

const hasBody = (method: string): boolean => ['POST', 'PUT', 'PATCH'].includes(method)

const restOf = (args: Arguments, used: ReadonlySet<string>): [string, unknown][] =>
  Object.entries(args).filter(([name, value]) => !used.has(name) && value !== undefined)

type SecretFor = (name: string, host: string) => string | undefined

const headersOf = (tool: SkillHttpTool, host: string, secretFor: SecretFor, secrets: string[]) =>
  Object.fromEntries(
    Object.entries(tool.headers).map(([name, value]) => [
      name.toLowerCase(),
      value.replace(SECRET_REFERENCE, (_, secretName: string) => {
        const secret = secretFor(secretName, host)
        if (secret === undefined)
          throw new ToolFault(`the secret ${secretName} is not configured on this server for ${host}`)
        if (secret.trim().length < LEAST_SECRET)
          throw new ToolFault(`the secret ${secretName} is too short to be kept out of an answer`)
        secrets.push(secret)
        return secret
      }),
    ]),
  )

const refuseUnsafe = (headers: Record<string, string>): void => {
  for (const [name, value] of Object.entries(headers))
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) throw new ToolFault(`the header ${name} cannot be sent`)
}

export const httpRequestFor = (
  tool: SkillHttpTool,
  args: Arguments,
  key: string,
  secretFor: SecretFor,
): HttpRequest => {
  const { origin, path, query } = partsOf(tool.url)
  const filledPath = fillPath(path, args)
  const filledQuery = fillQuery(query, args)
  const rest = restOf(args, new Set([...filledPath.used, ...filledQuery.used]))
  const inQuery = hasBody(tool.method) ? [] : rest.filter(([, value]) => value !== null)
  const more = inQuery.map(([name, value]) => `${encoded(name)}=${encoded(wordOf(value))}`)
  const search = [filledQuery.text, ...more].filter((part) => part !== '').join('&')
  const url = `${origin}${filledPath.text}${search === '' ? '' : `?${search}`}`
  if (new URL(url).origin !== new URL(origin).origin) throw new ToolFault('the address of the tool is not usable')
  if (url.length > MOST_URL) throw new ToolFault('the arguments make the address too long')
  const secrets: string[] = []
  const headers: Record<string, string> = {
    accept: 'application/json, text/plain;q=0.9, */*;q=0.5',
    ...(tool.method === 'GET' ? {} : { 'idempotency-key': key }),
    ...(hasBody(tool.method) ? { 'content-type': 'application/json' } : {}),
    ...headersOf(tool, new URL(origin).hostname, secretFor, secrets),
  }
  refuseUnsafe(headers)
  const body = hasBody(tool.method) ? { body: JSON.stringify(Object.fromEntries(rest)) } : {}
  return { method: tool.method, url, headers, ...body, secrets }
}
