import type { Cleaner } from '@/lib/core/redaction/tenant'
import type { ModelCall } from '@/lib/providers'
import type { ChatMessage, ToolSpec } from '@/lib/shared/chat'
import type { Found } from './divergence'
import type { RecordedCall } from './recorded-calls'
import { isSame, isSameText, partingOf } from './same'

// What one question was made of, as the record tells it.
export type Expected = {
  cleaner: Cleaner
  call: RecordedCall
  model: string
  temperature: number
  maxTokens: number
  system: string
  tools: readonly ToolSpec[]
  messages: readonly ChatMessage[]
}

type Asked = Pick<ModelCall, 'model' | 'temperature' | 'maxTokens' | 'system' | 'tools' | 'messages'>
type Judge = (asked: Asked, expected: Expected) => Omit<Found, 'step'> | null

const model: Judge = (asked, { model: recorded }) =>
  asked.model.name === recorded
    ? null
    : { kind: 'model', what: `The model is ${asked.model.name}; ${recorded} was asked.` }

const parameters: Judge = (asked, expected) => {
  const pairs = [
    ['temperature', asked.temperature, expected.temperature],
    ['max_tokens', asked.maxTokens, expected.maxTokens],
  ] as const
  const other = pairs.find(([, now, then]) => now !== then)
  return other ? { kind: 'parameters', what: `${other[0]} is ${other[1]}; it was ${other[2]}.` } : null
}

const prompt: Judge = (asked, { cleaner, system }) => {
  if (isSameText(cleaner, asked.system, system)) return null
  const { line, recorded, now } = partingOf(cleaner, asked.system, system)
  const what = `The system prompt is another one from line ${line} on.`
  return { kind: 'prompt', what, quoted: `It was ${recorded} and is ${now}.` }
}

const namesOf = (tools: readonly ToolSpec[]) => new Set(tools.map(({ name }) => name))

const listed = (names: readonly string[], word: string): string[] =>
  names.length === 0 ? [] : [`${word}: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`]

// The last question of a run that used up its steps offers none.
const tools: Judge = (asked, { cleaner, call, tools: recorded }) => {
  const offered = call.attempts[0]?.tools_offered ?? 0
  const isClosing = offered < recorded.length
  if (asked.tools.length === offered && (isClosing || isSame(cleaner, asked.tools, recorded))) return null
  const [now, then] = [namesOf(asked.tools), namesOf(recorded)]
  const words = [
    ...listed(
      [...now].filter((name) => !then.has(name)),
      'new',
    ),
    ...listed(
      [...then].filter((name) => !now.has(name)),
      'missing',
    ),
  ]
  const how = words.length > 0 ? words.join('; ') : 'their descriptions or parameters are other ones'
  return { kind: 'tools', what: `The tools that are offered differ (${how}).` }
}

// A closing word to the model may follow what was said.
const history: Judge = (asked, { cleaner, call, messages }) => {
  const count = call.attempts[0]?.input_messages ?? messages.length
  const at = messages.findIndex((message, place) => !isSame(cleaner, asked.messages[place], message))
  if (at < 0 && asked.messages.length === count) return null
  const place = at < 0 ? Math.min(asked.messages.length, count) : at
  return { kind: 'history', what: `Message ${place + 1} of the conversation is another one.` }
}

const JUDGES = [model, parameters, prompt, tools, history]

/** The first part of a question that is not as it was. */
export const compareCall = (asked: Asked, expected: Expected): Found | null => {
  for (const judge of JUDGES) {
    const found = judge(asked, expected)
    if (found) return { step: expected.call.seq, ...found }
  }
  return null
}
