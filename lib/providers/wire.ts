import { AsyncLocalStorage } from 'node:async_hooks'
import { Agent, type Dispatcher } from 'undici'
import { kernel } from '@/lib/core/kernel'
import type { FinishScan } from './finish-scan'
import type { ProviderApi } from './provider-table'
import type { Seen } from './upstream'
import { createRefusalFilter, createWireFilter, type WireFilter } from './wire-filter'

// One attempt as seen on the line, below the library, which keeps status and headers of a refusal to itself.
export type WireRecord = Seen & {
  api: ProviderApi
  // The header that carries the key, and nothing else that authenticates.
  auth: { header: string; value: string }
  signal: AbortSignal
  scan: FinishScan
  onReply: () => void
  onArguments: () => void
}

type Line = { calls: AsyncLocalStorage<WireRecord>; agent: Agent }

const line = (): Line =>
  kernel().slot('providers.line', () => {
    // Header, idle and total time are watched by the attempt.
    const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 10_000 } })
    kernel().onStop('close', () => agent.destroy())
    return { calls: new AsyncLocalStorage<WireRecord>(), agent }
  })

// The SDKs below the library also look for credentials and accounts in the process environment.
const FOREIGN = new Set([
  'authorization',
  'x-api-key',
  'x-goog-api-key',
  'openai-organization',
  'openai-project',
  'connection',
  'keep-alive',
  'content-length',
  'host',
  'accept-encoding',
])

const headersOf = (given: HeadersInit | undefined, { auth }: WireRecord): Record<string, string> => {
  const headers: Record<string, string> = {}
  for (const [name, value] of new Headers(given)) if (!FOREIGN.has(name)) headers[name] = value
  headers[auth.header] = auth.value
  return headers
}

type Outgoing = { url: string; method: Dispatcher.HttpMethod; headers: HeadersInit; body: string | Uint8Array }

const bytesOf = async (body: BodyInit | null | undefined): Promise<string | Uint8Array> =>
  typeof body === 'string' ? body : new Uint8Array(await new Response(body ?? null).arrayBuffer())

const outgoing = async (input: RequestInfo | URL, init: RequestInit | undefined): Promise<Outgoing> => {
  const method = (name: string | undefined) => (name ?? 'POST').toUpperCase() as Dispatcher.HttpMethod
  if (input instanceof Request)
    return {
      url: input.url,
      method: method(input.method),
      headers: input.headers,
      body: new Uint8Array(await input.arrayBuffer()),
    }
  const body = await bytesOf(init?.body)
  return { url: String(input), method: method(init?.method), headers: init?.headers ?? {}, body }
}

type Source = Dispatcher.ResponseData['body']

const codeOf = (error: unknown): string | null => {
  if (typeof error !== 'object' || error === null) return null
  if ('code' in error && typeof error.code === 'string') return error.code
  const inner = 'errors' in error && Array.isArray(error.errors) ? error.errors[0] : undefined
  return inner === undefined ? null : codeOf(inner)
}

const DRAIN_MS = 1_000

// Who has read enough lets the rest run out: the connection serves the next call.
const letRunOut = (source: Source): void => {
  const timer = setTimeout(() => source.destroy(), DRAIN_MS)
  timer.unref()
  source.once('close', () => clearTimeout(timer))
  source.resume()
}

const filterFor = (record: WireRecord, isRefusal: boolean, stop: () => void): WireFilter => {
  if (isRefusal) return createRefusalFilter(record, stop)
  return createWireFilter(record.api, record.scan, {
    onArguments: (characters) => {
      record.argumentCharacters += characters
      record.onArguments()
    },
    onFault: (fault) => {
      record.fault ??= fault
      stop()
    },
  })
}

type Pump = { isOpen: boolean }

const pump = (
  source: Source,
  record: WireRecord,
  isRefusal: boolean,
  controller: ReadableStreamDefaultController<Uint8Array>,
): Pump => {
  const state = { isOpen: true, isStopped: false }
  const filter = filterFor(record, isRefusal, () => {
    state.isStopped = true
  })
  const pass = (bytes: Uint8Array | null) => {
    if (bytes) controller.enqueue(bytes)
  }
  const last = (act: () => void) => {
    if (state.isOpen) act()
    state.isOpen = false
  }
  const close = () => (record.fault ? controller.error(new Error(record.fault.reason)) : controller.close())
  source.on('data', (chunk: Uint8Array) => {
    if (!state.isOpen) return
    pass(filter.push(chunk))
    if (state.isStopped) {
      last(close)
      source.destroy()
    } else if ((controller.desiredSize ?? 0) <= 0) source.pause()
  })
  source.on('end', () =>
    last(() => {
      pass(filter.end())
      close()
    }),
  )
  source.on('error', (error) => {
    record.causeCode ??= codeOf(error)
    last(() => controller.error(error))
  })
  return state
}

const streamOf = (source: Source, record: WireRecord, isRefusal: boolean): ReadableStream<Uint8Array> => {
  let state: Pump | null = null
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        state = pump(source, record, isRefusal, controller)
      },
      pull: () => void source.resume(),
      cancel: () => {
        if (state) state.isOpen = false
        letRunOut(source)
      },
    },
    { highWaterMark: 16 },
  )
}

const NO_BODY = new Set([204, 205, 304])

const plain = (headers: Dispatcher.ResponseData['headers']): [string, string][] =>
  Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as [string, string]],
  )

// Some say it in milliseconds besides.
const askedWait = (headers: Dispatcher.ResponseData['headers']): string | null => {
  const { 'retry-after-ms': ms, 'retry-after': after } = headers
  if (typeof ms === 'string' && /^\d+$/.test(ms)) return String(Number(ms) / 1_000)
  return typeof after === 'string' ? after : null
}

const send = async (record: WireRecord, input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
  const { url, method, headers, body } = await outgoing(input, init)
  try {
    record.isSent = true
    const reply = await line().agent.request({
      origin: new URL(url).origin,
      path: url.slice(new URL(url).origin.length),
      method,
      headers: headersOf(headers, record),
      body,
      signal: record.signal,
    })
    record.onReply()
    record.status = reply.statusCode
    record.retryAfter = askedWait(reply.headers)
    const isRefusal = reply.statusCode < 200 || reply.statusCode >= 300
    const answer = NO_BODY.has(reply.statusCode) ? null : streamOf(reply.body, record, isRefusal)
    return new Response(answer, { status: Math.max(200, reply.statusCode), headers: plain(reply.headers) })
  } catch (error) {
    record.causeCode = codeOf(error)
    throw record.signal.aborted ? error : new TypeError('fetch failed', { cause: error })
  }
}

const MARK = Symbol.for('clasper.wire')

// The SDKs take no fetch from the library's callers, so the global one hands over what an attempt sends and nothing else.
const install = (): void => {
  const original = globalThis.fetch
  if (MARK in original) return
  const handing = (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const record = line().calls.getStore()
    return record ? send(record, input, init) : original(input, init)
  }
  globalThis.fetch = Object.assign(handing, { [MARK]: true })
}

export const onWire = <T>(record: WireRecord, work: () => T): T => {
  install()
  return line().calls.run(record, work)
}
