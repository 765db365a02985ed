import { z } from 'zod'
import { ApiError, type Input, send } from './api-client'
import type { Contract, EventMap } from './contract'
import { readEvents, type ServerEvent } from './event-stream'
import { PROBLEMS, type ProblemCode } from './problem'

type Streaming = Contract & { stream: EventMap }

export type EventOf<C extends Streaming> = z.output<C['stream'][keyof C['stream']]>

const Failure = z.object({ error: z.string(), code: z.string(), request_id: z.string().optional() })

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isCode = (code: string): code is ProblemCode => Object.hasOwn(PROBLEMS, code)

// The stream itself may fail, which is told in fewer words than the failure of what it carries.
const refuse = (data: unknown, requestId: string | null): never => {
  const said = Failure.safeParse(data).data
  const code = said && isCode(said.code) ? said.code : 'unexpected_reply'
  throw new ApiError(code, said?.error ?? 'The answer has an unexpected shape.', 200, said?.request_id ?? requestId)
}

const read = <C extends Streaming>(contract: C, { event, data }: ServerEvent, requestId: string | null) => {
  const schema = contract.stream[event]
  if (!schema) return null
  const found = parsed(data)
  const checked = schema.safeParse(found)
  return checked.success ? (checked.data as EventOf<C>) : refuse(found, requestId)
}

const isLeaving = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'

const broken = (error: unknown, requestId: string | null): Error => {
  if (error instanceof ApiError || (error instanceof Error && isLeaving(error))) return error
  return new ApiError('network', 'The connection broke before the answer was complete.', 0, requestId)
}

/** Events as they come. A refusal before the first of them is an ApiError like that of every other call. */
export async function* callStream<C extends Streaming>(
  contract: C,
  input: Input<C>,
): AsyncGenerator<EventOf<C>, void, void> {
  const response = await send(contract, input)
  const requestId = response.headers.get('x-request-id')
  if (!response.body) throw new ApiError('unexpected_reply', 'The answer has no body.', response.status, requestId)
  try {
    for await (const event of readEvents(response.body)) {
      const checked = read(contract, event, requestId)
      if (checked !== null) yield checked
    }
  } catch (error) {
    throw broken(error, requestId)
  }
}
