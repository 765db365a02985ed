import { type Reader, wordIn } from '../claim'
import { asRecord, unpacked } from '../json-text'
import { type Said, saidFrom, saidMessages, systemText } from '../message-list'
import type { RawEvent, RawSpan } from '../raw-span'

// Where the first generation put what was said: events of the span.
const ROLES: Readonly<Record<string, string>> = {
  'gen_ai.system.message': 'system',
  'gen_ai.user.message': 'user',
  'gen_ai.assistant.message': 'assistant',
  'gen_ai.tool.message': 'tool',
}

const CHOICE = 'gen_ai.choice'
const DETAILS = 'gen_ai.client.inference.operation.details'

const bodyOf = ({ attributes }: RawEvent): Readonly<Record<string, unknown>> => ({
  ...attributes,
  ...asRecord(unpacked(attributes['gen_ai.event.content'] ?? attributes['body'])),
})

const messageOf = (event: RawEvent): object => {
  const body = bodyOf(event)
  return { ...body, role: body['role'] ?? wordIn(ROLES, event.name), tool_call_id: body['tool_call_id'] ?? body['id'] }
}

const choiceOf = (event: RawEvent): object => {
  const body = bodyOf(event)
  const message = asRecord(unpacked(body['message'])) ?? body
  return {
    ...message,
    role: message['role'] ?? 'assistant',
    finish_reason: body['finish_reason'] ?? message['finish_reason'],
  }
}

const byName = (span: RawSpan, isOne: (name: string) => boolean): RawEvent[] =>
  span.events.filter(({ name }) => isOne(name))

export const eventSaidIn: Reader<Said> = (span) => {
  const events = byName(span, (name) => Object.hasOwn(ROLES, name))
  const said = saidMessages(events.map(messageOf))
  return said === null ? null : { value: said, by: 'event gen_ai.*.message' }
}

export const eventSaidOut: Reader<Said> = (span) => {
  const said = saidMessages(byName(span, (name) => name === CHOICE).map(choiceOf))
  return said === null ? null : { value: said, by: `event ${CHOICE}` }
}

const fromEvent =
  (event: string, key: string): Reader<Said> =>
  (span) => {
    const value = byName(span, (name) => name === event).find(({ attributes }) => attributes[key])?.attributes[key]
    return value === undefined ? null : { value: saidFrom(value), by: `event ${event}` }
  }

export const detailsSaidIn = fromEvent(DETAILS, 'gen_ai.input.messages')
export const detailsSaidOut = fromEvent(DETAILS, 'gen_ai.output.messages')

const OLD_IN = 'gen_ai.content.prompt'
const OLD_OUT = 'gen_ai.content.completion'
export const oldEventSaidIn = fromEvent(OLD_IN, 'gen_ai.prompt')
export const oldEventSaidOut = fromEvent(OLD_OUT, 'gen_ai.completion')

export const detailsSystem: Reader<string> = (span) => {
  const key = 'gen_ai.system_instructions'
  const [event] = byName(span, (name) => name === DETAILS)
  const value = systemText(event?.attributes[key])
  return value === null ? null : { value, by: `event ${DETAILS}` }
}

const EXCEPTION = 'exception'

export const exceptionOf = (span: RawSpan): { type: unknown; message: unknown } | null => {
  const event = span.events.findLast(({ name }) => name === EXCEPTION)
  if (event === undefined) return null
  return { type: event.attributes['exception.type'], message: event.attributes['exception.message'] }
}
