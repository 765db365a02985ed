import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { errorBody } from './error-body'
import { chatFrames, mistralFrames, responsesFrames } from './frames-openai'
import { googleFrames, messagesFrames } from './frames-others'
import { DEFAULT_STEP, type MockStep, type Plan, type Protocol, planOf, protocolOf } from './script-step'

export type MockRequest = {
  path: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: Record<string, unknown>
}

export type MockProvider = {
  url: string
  port: number
  requests(): MockRequest[]
  // The next answers, in order; afterwards every request gets the usual one
  script(...steps: readonly MockStep[]): void
  // Answers of which the test decides per request; undefined goes on to script and usual answer
  answer(decide: (request: MockRequest) => MockStep | undefined): void
  // Streams that are being answered, and those whose reader went away before their end
  open(): number
  abandoned(): number
  reset(): void
  close(): Promise<void>
}

type Options = { port?: number; step?: MockStep; keepsRequests?: boolean }

const FRAMES: Readonly<Record<Protocol, (plan: Plan) => string[]>> = {
  responses: responsesFrames,
  messages: messagesFrames,
  google: googleFrames,
  chat: chatFrames,
  mistral: mistralFrames,
}

const isQuick = (step: MockStep): boolean =>
  [step.status, step.stallAfter, step.cutAfter, step.garbageAfter, step.delayMs, step.chunkDelayMs].every(
    (value) => value === undefined,
  )

const GARBAGE = 'data: {"choices": [ this is no JSON\n\n'

const framesOf = (step: MockStep, protocol: Protocol): string[] => {
  if (step.isEmpty) return protocol === 'chat' || protocol === 'mistral' ? ['data: [DONE]\n\n'] : []
  const frames = FRAMES[protocol](planOf(step))
  if (step.garbageAfter === undefined) return frames
  const garbage = protocol === 'messages' ? `event: content_block_delta\n${GARBAGE}` : GARBAGE
  return [...frames.slice(0, step.garbageAfter), garbage, ...frames.slice(step.garbageAfter)]
}

// The bytes of an answer without any timing are made once.
const createBytes = () => {
  const made = new WeakMap<MockStep, Partial<Record<Protocol, Buffer>>>()
  return (step: MockStep, protocol: Protocol): Buffer => {
    const known = made.get(step) ?? {}
    made.set(step, known)
    known[protocol] ??= Buffer.from(framesOf(step, protocol).join(''))
    return known[protocol]
  }
}

const STREAM = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' }

const refuse = (response: ServerResponse, step: MockStep, protocol: Protocol): void => {
  const status = step.status ?? 500
  const after = step.retryAfter === undefined ? {} : { 'retry-after': String(step.retryAfter) }
  response.writeHead(status, { 'content-type': 'application/json', ...after })
  response.end(step.body ?? errorBody(protocol, status))
}

const speak = async (response: ServerResponse, step: MockStep, protocol: Protocol): Promise<void> => {
  response.writeHead(200, STREAM)
  response.flushHeaders()
  for (const [at, frame] of framesOf(step, protocol).entries()) {
    if (step.stallAfter === at) return
    if (step.cutAfter === at) {
      // What was written leaves before the connection is torn.
      await wait(5)
      response.destroy()
      return
    }
    if (step.chunkDelayMs) await wait(step.chunkDelayMs)
    if (response.destroyed) return
    response.write(frame)
  }
  response.end()
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

type Kept = { path: string; headers: IncomingMessage['headers']; text: string }

const readKept = ({ path, headers, text }: Kept): MockRequest => ({
  path,
  headers,
  body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
})

type Desk = {
  kept: Kept[]
  steps: MockStep[]
  open: number
  abandoned: number
  decide: ((request: MockRequest) => MockStep | undefined) | null
}

const track = (desk: Desk, response: ServerResponse): void => {
  desk.open += 1
  response.once('close', () => {
    desk.open -= 1
    if (!response.writableFinished) desk.abandoned += 1
  })
}

const createReply = (desk: Desk, { step: usual = DEFAULT_STEP, keepsRequests = true }: Options) => {
  const bytes = createBytes()
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/'
    const one = { path, headers: request.headers, text: await bodyOf(request) }
    if (keepsRequests) desk.kept.push(one)
    const step = desk.decide?.(readKept(one)) ?? desk.steps.shift() ?? usual
    const protocol = protocolOf(path.split('?')[0] ?? path, request.headers['user-agent'] ?? '')
    track(desk, response)
    if (step.delayMs) await wait(step.delayMs)
    if (step.status !== undefined) return refuse(response, step, protocol)
    if (!isQuick(step)) return await speak(response, step, protocol)
    response.writeHead(200, STREAM)
    response.end(bytes(step, protocol))
  }
}

const controlsOf = (desk: Desk): Omit<MockProvider, 'url' | 'port' | 'close'> => ({
  requests: () => desk.kept.map(readKept),
  script: (...next) => void desk.steps.push(...next),
  answer: (decide) => {
    desk.decide = decide
  },
  open: () => desk.open,
  abandoned: () => desk.abandoned,
  reset: () => {
    desk.kept.length = 0
    desk.steps.length = 0
    desk.abandoned = 0
    desk.decide = null
  },
})

export const startMockProvider = async (options: Options = {}): Promise<MockProvider> => {
  const desk: Desk = { kept: [], steps: [], open: 0, abandoned: 0, decide: null }
  const reply = createReply(desk, options)
  const server = createServer((request, response) => {
    reply(request, response).catch(() => response.destroy())
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    ...controlsOf(desk),
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
