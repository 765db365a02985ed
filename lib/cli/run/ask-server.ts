import { z } from 'zod'
import { readEvents } from '@/lib/shared/event-stream'
import { RunEvent } from './run-event'
import type { Target } from './target'

const Refusal = z.object({ error: z.string(), code: z.string(), details: z.unknown().optional() })

const knock = async ({ url, headers, body }: Target, signal: AbortSignal): Promise<Response> => {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
      body: JSON.stringify(body),
      redirect: 'error',
      signal,
    })
  } catch (error) {
    if (signal.aborted) throw error
    throw new Error(`No server answers at ${new URL(url).origin}. Does it run? AGENT_DAEMON_URL says where.`)
  }
}

const told = (details: unknown): string => (details === undefined ? '' : `\n${JSON.stringify(details, null, 2)}`)

const refusalOf = async (reply: Response): Promise<Error> => {
  const known = Refusal.safeParse(await reply.json().catch(() => null))
  const trace = reply.headers.get('x-trace-id')
  const text = known.success
    ? `${known.data.error} (${known.data.code})${told(known.data.details)}`
    : `The server answered ${reply.status} and no stream of events.`
  return new Error(trace === null ? text : `${text}\ntrace ${trace}`)
}

const eventIn = (data: string): RunEvent | null => {
  const event = RunEvent.safeParse(JSON.parse(data))
  return event.success ? event.data : null
}

/** The events of one run, as they come. A refusal before the first one is an error that says why. */
export async function* askServer(target: Target, signal: AbortSignal): AsyncGenerator<RunEvent> {
  const reply = await knock(target, signal)
  const isStream = reply.headers.get('content-type')?.startsWith('text/event-stream') ?? false
  if (!reply.ok || !isStream || reply.body === null) throw await refusalOf(reply)
  for await (const { data } of readEvents(reply.body)) {
    const event = eventIn(data)
    if (event) yield event
  }
}
