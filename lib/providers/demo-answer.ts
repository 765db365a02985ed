import type { ChatMessage, ToolSpec } from '@/lib/shared/chat'
import { sampleOf, schemaIn } from './demo-sample'
import { nextScripted, type ScriptedStep, scriptIn } from './demo-script'

export type Conversation = {
  system: string
  messages: readonly ChatMessage[]
  tools: readonly ToolSpec[]
  attempt: number
}

const lastUser = (messages: readonly ChatMessage[]): number => messages.findLastIndex(({ role }) => role === 'user')

const STOP_WORDS = new Set([
  'the',
  'and',
  'for',
  'all',
  'with',
  'please',
  'you',
  'what',
  'are',
  'from',
  'that',
  'this',
  'them',
])

// Words without their endings: tasks and task, orders and order are one.
const wordsOf = (text: string): Set<string> =>
  new Set(
    (text.toLowerCase().match(/[a-z]{3,}/g) ?? [])
      .filter((word) => !STOP_WORDS.has(word))
      .map((word) => word.replace(/(?:ies|y)$/, 'i').replace(/s$/, '')),
  )

const VERBS: Readonly<Record<string, string>> = {
  show: 'list',
  open: 'list',
  which: 'list',
  get: 'list',
  find: 'list',
  add: 'create',
  make: 'create',
  new: 'create',
  write: 'post',
  send: 'post',
}

const asked = (message: string): Set<string> => {
  const words = wordsOf(message)
  return new Set([...words, ...[...words].flatMap((word) => VERBS[word] ?? [])])
}

const scoreOf = (tool: ToolSpec, words: Set<string>): number => {
  const common = (text: string) => [...wordsOf(text)].filter((word) => words.has(word)).length
  return 3 * common(tool.name.replaceAll(/[_.-]/g, ' ')) + common(tool.description)
}

const LEAST_SCORE = 3

const bestTool = (tools: readonly ToolSpec[], message: string): ToolSpec | undefined => {
  const words = asked(message)
  return tools
    .map((tool) => ({ tool, score: scoreOf(tool, words) }))
    .filter(({ score }) => score >= LEAST_SCORE)
    .sort((a, b) => b.score - a.score)[0]?.tool
}

const MOST_ARGUMENT = 120

// What must be given is taken from the message; a quoted part of it is meant literally.
const argumentsFor = ({ parameters }: ToolSpec, message: string): Record<string, unknown> => {
  const { properties, required } = parameters
  const names = Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []
  const known = typeof properties === 'object' && properties !== null ? (properties as Record<string, unknown>) : {}
  const hint = (/["“']([^"”']+)["”']/.exec(message)?.[1] ?? message).trim().slice(0, MOST_ARGUMENT)
  return Object.fromEntries(names.map((name) => [name, sampleOf(known[name], hint)]))
}

const shortened = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}…` : text)

const fromResults = (results: readonly ChatMessage[]): string =>
  results
    .flatMap((result) =>
      result.role === 'tool'
        ? [`${result.name} ${result.is_error ? 'failed' : 'answered'}: ${shortened(result.content, 400)}`]
        : [],
    )
    .join('\n')

const summary = (text: string): string => `Summary: ${shortened(text.replaceAll(/\s+/g, ' ').trim(), 400)}`

const json = (system: string, message: string): string => {
  const schema = schemaIn(`${message}\n${system}`)
  const hint = shortened(message.split('\n')[0] ?? '', 80)
  return JSON.stringify(schema === null ? { answer: hint } : sampleOf(schema, 'demo'))
}

const unscripted = ({ system, messages, tools }: Conversation): ScriptedStep => {
  const at = lastUser(messages)
  const message = at < 0 ? '' : (messages[at]?.content ?? '')
  const results = messages.slice(at + 1).filter(({ role }) => role === 'tool')
  if (message.includes('HEARTBEAT_OK')) return { text: 'HEARTBEAT_OK' }
  if (results.length > 0) return { text: fromResults(results) }
  if (/\bjson\b/i.test(message) || /\b(?:only|valid|as) json\b/i.test(system)) return { text: json(system, message) }
  if (/\bsummari[sz]e\b/i.test(message) || /\bsummari[sz]e\b/i.test(system.slice(0, 400)))
    return { text: summary(message) }
  const tool = bestTool(tools, message)
  if (tool) return { toolCalls: [{ name: tool.name, arguments: argumentsFor(tool, message) }] }
  return {
    text: `This is the demo model of Clasper; no provider was asked. You wrote: ${shortened(message, 300)}`,
  }
}

// A step that fails for a while is left behind when it has failed often enough.
const fromMessage = (steps: readonly ScriptedStep[], answers: number, attempt: number): ScriptedStep => {
  let failed = 0
  const alive = steps.filter((step) => {
    if (step.fails === undefined || step.times === undefined) return true
    failed += step.times
    return attempt <= failed
  })
  return alive[Math.min(answers, alive.length - 1)] ?? { text: '' }
}

// The same conversation gets the same answer.
export const demoAnswer = (conversation: Conversation): ScriptedStep => {
  const queued = nextScripted()
  if (queued) return queued
  const { messages, attempt } = conversation
  const at = messages.findLastIndex(({ role, content }) => role === 'user' && scriptIn(content) !== null)
  const steps = at < 0 ? null : scriptIn(messages[at]?.content ?? '')
  if (steps === null || at !== lastUser(messages)) return unscripted(conversation)
  const answers = messages.slice(at + 1).filter(({ role }) => role === 'assistant').length
  return fromMessage(steps, answers, attempt)
}
