import type { z } from 'zod'
import type { Permission, ServiceScope } from './rbac'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

// Who may knock. `public` sees no tenant; every other kind ends in an identity, a tenant and a scope.
export type Guard =
  | { kind: 'public' }
  | { kind: 'service'; scope: ServiceScope }
  | { kind: 'ops'; permission: Permission | null }
  | { kind: 'agent' }
  | { kind: 'internal' }
  | { kind: 'ingest' }
  | { kind: 'adapter' }
  | { kind: 'anyone' }

export const open = { kind: 'public' } as const
export const service = <S extends ServiceScope>(scope: S) => ({ kind: 'service', scope }) as const
export const ops = <P extends Permission | null>(permission: P) => ({ kind: 'ops', permission }) as const
export const anyone = { kind: 'anyone' } as const
// A service key with the scope `ingest`, in any header that exporters can send; its tenant and workspace, no others.
export const ingest = { kind: 'ingest' } as const

// An agent that runs elsewhere, by its own token.
export const adapter = { kind: 'adapter' } as const

export type EventMap = Record<string, z.ZodType>

export type Alias = {
  on: string
  keys?: Readonly<Record<string, string>>
  lift?: boolean | readonly string[]
  into?: string
}

export type Contract = {
  method: Method
  path: string
  summary: string
  guard: Guard
  tag?: string
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  // 'document' takes YAML and Markdown besides JSON.
  bodyType?: 'json' | 'form' | 'document'
  maxBodyBytes?: number
  // The verb reads the body itself, within its own limits, and replies in the encoding of the request. Beside a `body`
  // it is one of several forms: of a request in one of these media types no body is read, and the reply is JSON.
  raw?: { accepts: readonly string[] }
  reply?: z.ZodType
  // 'html', 'text', 'redirect' and 'download' hand a Response through; 'stream' is server-sent events.
  replyType?: 'json' | 'html' | 'text' | 'redirect' | 'download' | 'stream'
  stream?: EventMap
  // The same answer as events, where the caller may ask for either.
  orStream?: EventMap
  // A stream that comes to its end by itself: a server that leaves waits for it.
  endsByItself?: true
  status?: number
  // A reply whose own `status` is this is sent as 202: more of it comes later.
  acceptedWhen?: string
  camel?: boolean
  // Keys whose values are keyed by data: what stands in them gets no double in camelCase.
  verbatim?: readonly string[]
  // Keys that hold data elsewhere, and fields here.
  doubled?: readonly string[]
  // Extra keys with the value of a canonical one: `on` is the object's key in the reply ('' is the reply itself),
  // a list there gets them on each item, a dotted name leads further in; `lift` repeats that object's keys, or those
  // that it names, at the top level; `into` gathers them
  // in an object of that name, everything below it in camelCase.
  aliases?: readonly Alias[]
  queryError?: string
  // Other accepted spellings of a request field; two spellings with different values are refused.
  also?: Readonly<Record<string, readonly string[]>>
  rateLimit?: { perMinute: number }
  // Takes Idempotency-Key or idempotency_key: the same call again gets the first answer.
  idempotent?: true
  // The reply's x-trace-id is the id of the trace that this call leaves.
  leavesTrace?: true
  // The verb judges tenant_id itself: the scope opens in the caller's own tenant.
  actsIn?: 'home'
}

export const contract = <const C extends Contract>(definition: C): C => definition

type Parsed<S> = S extends z.ZodType ? z.output<S> : Record<string, never>

export type ParamsOf<C extends Contract> = Parsed<C['params']>
export type QueryOf<C extends Contract> = Parsed<C['query']>
export type BodyOf<C extends Contract> = C['body'] extends z.ZodType
  ? z.output<C['body']> | (C['raw'] extends object ? undefined : never)
  : undefined
export type ReplyOf<C extends Contract> = C['reply'] extends z.ZodType ? z.input<C['reply']> : Response
export type ReplySent<C extends Contract> = C['reply'] extends z.ZodType ? z.output<C['reply']> : Response
export type QuerySent<C extends Contract> = C['query'] extends z.ZodType ? z.input<C['query']> : Record<string, never>
export type BodySent<C extends Contract> = C['body'] extends z.ZodType ? z.input<C['body']> : undefined
