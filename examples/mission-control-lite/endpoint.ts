import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { Caller } from './agent-token'
import type { Store } from './database'
import type { Feed } from './feed'
import type { Hooks } from './hooks'
import { invalid, Refusal } from './refusal'

export type House = { store: Store; feed: Feed; hooks: Hooks }

export type Asked = House & { params: Record<string, string>; query: URLSearchParams; body: unknown }

// 'agent' endpoints see one person's rows; 'internal' ones serve the dispatcher; 'open' ones hold no secrets.
export type Endpoint = { method: string; path: string } & (
  | { guard: 'agent'; answer: (asked: Asked & { caller: Caller }) => unknown }
  | { guard: 'internal' | 'open'; answer: (asked: Asked) => unknown }
  | { guard: 'agent'; stream: (asked: House & { caller: Caller }, response: ServerResponse) => void }
)

const MAX_BODY_BYTES = 1_048_576

const readText = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) throw new Refusal(413, 'The body is too large', 'payload_too_large')
    chunks.push(chunk)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch {
    throw invalid('The body is not UTF-8')
  }
}

export const readBody = async (request: IncomingMessage): Promise<unknown> => {
  if (request.method === 'GET') return {}
  const text = await readText(request)
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('The body is not JSON')
  }
}

export const parsed = <S extends z.ZodType>(schema: S, value: unknown): z.output<S> => {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw invalid('The request is not valid', { fieldErrors: z.flattenError(result.error).fieldErrors })
}

const Limit = z
  .string()
  .regex(/^\d{1,6}$/)
  .transform(Number)

export const wholeNumber = (query: URLSearchParams, name: string, initial: number, most: number): number => {
  const text = query.get(name)
  const value = text === null ? initial : Limit.safeParse(text).data
  if (value === undefined || value < 1 || value > most) throw invalid(`${name} must be a number from 1 to ${most}`)
  return value
}

export const reply = (response: ServerResponse, status: number, body: unknown): void => {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  })
  response.end(text)
}
