import { Agent, request } from 'undici'
import { kernel } from '@/lib/core/kernel'

export type Exchange = {
  method: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  body?: string
  timeoutMs: number
  signal: AbortSignal
}

// `never-sent` is sure that the backend saw nothing; after the other faults it may have acted.
export type Fault = 'never-sent' | 'network' | 'timeout' | 'cancelled' | 'too-large'

export type Outcome =
  | { ok: true; status: number; text: string; retryAfter: string | undefined }
  | { ok: false; fault: Fault; cause: unknown }

const MAX_REPLY_BYTES = 4 * 1_048_576

const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'EHOSTUNREACH'])

const createAgent = (): Agent => {
  const agent = new Agent({ keepAliveTimeout: 30_000, connections: 64, connect: { timeout: 5_000 } })
  kernel().onStop('close', () => agent.close())
  return agent
}

const agent = (): Agent => kernel().slot('control-plane.agent', createAgent)

type Body = Awaited<ReturnType<typeof request>>['body']

class TooLarge extends Error {}

const readText = async (body: Body): Promise<string> => {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > MAX_REPLY_BYTES) throw new TooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''

const faultOf = (error: unknown, isLate: boolean, signal: AbortSignal): Fault => {
  if (signal.aborted) return 'cancelled'
  if (isLate) return 'timeout'
  if (error instanceof TooLarge) return 'too-large'
  return NEVER_SENT.has(codeOf(error)) ? 'never-sent' : 'network'
}

// One attempt. It never throws, and ends within its time whatever the other side does. Redirects are not followed.
export const exchange = async ({ url, timeoutMs, signal, ...sent }: Exchange): Promise<Outcome> => {
  const control = new AbortController()
  const late = { is: false }
  const stop = () => control.abort()
  const timer = setTimeout(() => {
    late.is = true
    control.abort()
  }, timeoutMs)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    const reply = await request(url, { ...sent, dispatcher: agent(), signal: control.signal })
    const retryAfter = reply.headers['retry-after']
    const text = await readText(reply.body)
    return {
      ok: true,
      status: reply.statusCode,
      text,
      retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
    }
  } catch (error) {
    return { ok: false, fault: faultOf(error, late.is, signal), cause: error }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}
