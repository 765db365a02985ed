import { createHeld, type Held, type Sink } from './held-arguments'
import type { ProviderApi } from './provider-table'
import { fieldsOf, frameOf, jsonOf, listOf } from './sse-frames'

// Takes a frame and gives what the library is to read in its place.
export type Gathering = { take(frame: string): string; end(): string }

type Fields = Record<string, unknown>

const DELTA = 'response.function_call_arguments.delta'
const BOUNDARY = /"response[.](?:function_call_arguments[.]done|output_item[.]\w+|completed|incomplete|failed)"/

const ofResponses = (held: Held) => (frame: string) => {
  if (!frame.includes(`"${DELTA}"`)) return BOUNDARY.test(frame) ? held.releaseAll() + frame : frame
  const event = jsonOf(frame)
  const piece = event?.['delta']
  if (event?.['type'] !== DELTA || typeof piece !== 'string') return frame
  const { output_index, item_id } = event
  held.add(String(output_index ?? ''), piece, (delta) => frameOf({ type: DELTA, output_index, item_id, delta }, DELTA))
  return ''
}

const blockOf = (event: Fields | null): string => String(event?.['index'] ?? '')

const ofMessages = (held: Held) => (frame: string) => {
  if (frame.includes('"content_block_stop"')) {
    const event = jsonOf(frame)
    return event?.['type'] === 'content_block_stop' ? held.release(blockOf(event)) + frame : frame
  }
  if (!frame.includes('"input_json_delta"')) return frame
  const event = jsonOf(frame)
  const delta = fieldsOf(event?.['delta'])
  const piece = delta?.['partial_json']
  if (event?.['type'] !== 'content_block_delta' || delta?.['type'] !== 'input_json_delta' || typeof piece !== 'string')
    return frame
  const type = 'content_block_delta'
  const { index } = event
  const whole = (partial_json: string) => frameOf({ type, index, delta: { type: delta['type'], partial_json } }, type)
  held.add(blockOf(event), piece, whole)
  return ''
}

// As the library tells one call from another: by place, else by id; Mistral's by both.
const createKeys = (isMistral: boolean) => {
  const known = new Map<string, string>()
  return ({ index, id }: Fields): { key: string; isNew: boolean } => {
    const names = isMistral
      ? [`${id ?? ''} ${index ?? 0}`]
      : [typeof index === 'number' ? `at ${index}` : '', typeof id === 'string' && id !== '' ? `id ${id}` : '']
    const told = names.filter((name) => name !== '')
    const found = told.map((name) => known.get(name)).find((key) => key !== undefined)
    const key = found ?? `call ${known.size}`
    for (const name of told) known.set(name, known.get(name) ?? key)
    return { key, isNew: found === undefined }
  }
}

const hasMore = (event: Fields, choice: Fields, delta: Fields): boolean =>
  fieldsOf(event['usage']) !== null ||
  listOf(event['choices']).length > 1 ||
  Boolean(choice['finish_reason'] ?? choice['usage']) ||
  Object.entries(delta).some(([name, value]) => name !== 'tool_calls' && name !== 'role' && Boolean(value))

const withCalls = (event: Fields, choice: Fields, delta: Fields, calls: readonly unknown[]): string => {
  const { tool_calls: _, ...rest } = delta
  const next = calls.length === 0 ? rest : { ...rest, tool_calls: calls }
  return frameOf({ ...event, choices: [{ ...choice, delta: next }, ...listOf(event['choices']).slice(1)] })
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)

const ofChat = (held: Held, isMistral: boolean) => {
  const keyOf = createKeys(isMistral)
  // A further piece waits; the first one makes the call known.
  const isKept = (event: Fields, call: Fields): boolean => {
    const given = fieldsOf(call['function']) ?? {}
    const piece = textOf(given['arguments'])
    const { key, isNew } = keyOf(call)
    if (isNew) held.passed(key, piece)
    if (isNew || (given['name'] && piece === '')) return true
    const { usage: _, ...bare } = event
    const whole = (text: string) => {
      const calls = [{ ...call, function: { ...given, arguments: text } }]
      return frameOf({ ...bare, choices: [{ index: 0, delta: { tool_calls: calls }, finish_reason: null }] })
    }
    held.add(key, piece, whole)
    return false
  }
  return (frame: string) => {
    if (/^data: ?\[DONE\]/m.test(frame)) return held.releaseAll() + frame
    if (!/"tool_calls"\s*:\s*\[/.test(frame)) return frame
    const event = jsonOf(frame)
    const choice = fieldsOf(listOf(event?.['choices'])[0])
    const delta = fieldsOf(choice?.['delta'])
    if (!event || !choice || !delta) return frame
    const calls = listOf(delta['tool_calls'])
    const kept = calls.filter((call) => isKept(event, fieldsOf(call) ?? {}))
    if (kept.length === calls.length) return frame
    return kept.length > 0 || hasMore(event, choice, delta) ? withCalls(event, choice, delta, kept) : ''
  }
}

export const MOST_LEVELS = 64
// What a frame has around the arguments
const AROUND = 16

const QUOTE = 34
const ESCAPE = 92
const OPENING = new Set([91, 123])
const CLOSING = new Set([93, 125])

// By the brackets outside of texts; nothing that is nested without end is handed on.
const levelsIn = (frame: string): number => {
  let level = 0
  let most = 0
  let isText = false
  for (let at = 0; at < frame.length; at++) {
    const code = frame.charCodeAt(at)
    if (code === QUOTE) isText = !isText
    else if (isText) at += code === ESCAPE ? 1 : 0
    else if (OPENING.has(code)) most = Math.max(most, ++level)
    else if (CLOSING.has(code)) level -= 1
  }
  return most
}

const CALLS: Readonly<Record<ProviderApi, RegExp | null>> = {
  'google-generative-ai': /"functionCall"/,
  'openai-completions': /"tool_calls"\s*:\s*\[/,
  'mistral-conversations': /"tool_calls"\s*:\s*\[/,
  'anthropic-messages': /"tool_use"/,
  'openai-responses': null,
}

const takerOf = (api: ProviderApi, held: Held): Gathering['take'] => {
  if (api === 'openai-responses') return ofResponses(held)
  if (api === 'anthropic-messages') return ofMessages(held)
  return api === 'google-generative-ai' ? (frame) => frame : ofChat(held, api === 'mistral-conversations')
}

export const gatherArguments = (api: ProviderApi, sink: Sink): Gathering => {
  const held = createHeld(sink)
  const take = takerOf(api, held)
  return {
    take: (frame) => {
      if (!CALLS[api]?.test(frame) || levelsIn(frame) <= MOST_LEVELS + AROUND) return take(frame)
      sink.onFault('The arguments of a tool call are nested too deep')
      return ''
    },
    end: held.releaseAll,
  }
}
