import { z } from 'zod'
import type { BodySent, Contract, ParamsOf, QuerySent, ReplySent } from './contract'
import { PROBLEMS, type ProblemCode } from './problem'

export type Wire = Record<string, string | string[]>

type Need<K extends string, T> = T extends Record<string, never> | undefined ? unknown : { [P in K]: T }
type QueryNeed<C extends Contract> = C['query'] extends z.ZodType ? { query?: QuerySent<C> | Wire } : unknown
export type Input<C extends Contract> = Need<'params', ParamsSent<C>> &
  QueryNeed<C> &
  Need<'body', BodySent<C>> & { signal?: AbortSignal }
type ParamsSent<C extends Contract> = C['params'] extends z.ZodType
  ? { [K in keyof ParamsOf<C>]: string | number }
  : Record<string, never>

type Parts = { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown; signal?: AbortSignal }

export class ApiError extends Error {
  override readonly name = 'ApiError'
  constructor(
    readonly code: ProblemCode | 'network' | 'unexpected_reply',
    message: string,
    readonly status: number,
    readonly requestId: string | null,
    readonly details: Readonly<Record<string, unknown>> = {},
    readonly traceId: string | null = null,
  ) {
    super(message)
  }
}

export const isApiError = (error: unknown): error is ApiError => error instanceof Error && error.name === 'ApiError'

export type Answer<T> = { data: T; requestId: string | null }

export const urlOf = (contract: Pick<Contract, 'path'>, input: Parts = {}): string => {
  const path = contract.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(input.params?.[name])),
  )
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(input.query ?? {}))
    for (const item of Array.isArray(value) ? value : [value])
      if (item !== undefined && item !== null && item !== '') search.append(name, String(item))
  return search.size > 0 ? `${path}?${search}` : path
}

const Refusal = z
  .object({
    error: z.string(),
    code: z.string(),
    details: z.record(z.string(), z.unknown()),
    request_id: z.string(),
  })
  .partial()
  .catch({})

const isCode = (value: string): value is ProblemCode => Object.hasOwn(PROBLEMS, value)

const refusal = async (response: Response): Promise<ApiError> => {
  const said = Refusal.parse(await response.json().catch(() => null))
  return new ApiError(
    said.code && isCode(said.code) ? said.code : 'unexpected_reply',
    said.error ?? `The server answered ${response.status}.`,
    response.status,
    said.request_id ?? response.headers.get('x-request-id'),
    said.details,
    response.headers.get('x-trace-id'),
  )
}

const request = (contract: Contract, input: Parts): RequestInit => ({
  method: contract.method,
  credentials: 'same-origin',
  cache: 'no-store',
  headers: {
    accept: contract.stream ? 'text/event-stream' : 'application/json',
    'x-requested-with': 'clasper-console',
    'x-clasper-aliases': 'off',
    ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
  },
  ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
  ...(input.signal ? { signal: input.signal } : {}),
})

export const send = async (contract: Contract, input: Parts): Promise<Response> => {
  const response = await fetch(urlOf(contract, input), request(contract, input)).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiError('network', 'The server could not be reached.', 0, null)
  })
  if (!response.ok) throw await refusal(response)
  return response
}

// The reply schema decides the type, so the cast says no more than the parse has proven.
const read = <C extends Contract>(contract: C, said: unknown, requestId: string | null): ReplySent<C> => {
  const parsed = contract.reply?.safeParse(said)
  if (!parsed?.success)
    throw new ApiError('unexpected_reply', 'The reply has an unexpected shape. Reload the page.', 200, requestId)
  return parsed.data as ReplySent<C>
}

export const callFull = async <C extends Contract>(contract: C, input: Input<C>): Promise<Answer<ReplySent<C>>> => {
  const response = await send(contract, input as Parts)
  const requestId = response.headers.get('x-request-id')
  return { data: read(contract, await response.json().catch(() => null), requestId), requestId }
}

export const call = async <C extends Contract>(contract: C, input: Input<C>): Promise<ReplySent<C>> =>
  (await callFull(contract, input)).data
