import { stableJson } from '@/lib/shared/stable-json'
import { type Json, listOf } from '../present'
import type { Slot } from '../span-record'
import type { StoredSpan } from '../span-row'
import type { Reader } from '../span-shelf'
import type { Given } from './diff-side'
import { toolsIn } from './run-nodes'
import { wordsOf } from './span-nodes'

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const PARAMETERS = ['temperature', 'max_tokens', 'fallback_model']

// What a run of ours was given; null where retention has dropped it.
export const givenOfRun = (inputs: Json): Given | null =>
  inputs['system_prompt'] === null || Object.keys(inputs).length === 0
    ? null
    : {
        systemPrompt: textOf(inputs['system_prompt']),
        message: textOf(inputs['message']),
        history: listOf(inputs['messages']),
        parameters: Object.fromEntries(PARAMETERS.filter((key) => key in inputs).map((key) => [key, inputs[key]])),
        tools: toolsIn(inputs),
      }

const nameOf = (tool: Json): string | null => {
  const inner = tool['function'] as Json | undefined
  const name = tool['name'] ?? inner?.['name']
  return typeof name === 'string' ? name : null
}

const firstCall = (spans: readonly StoredSpan[]): StoredSpan | undefined =>
  spans.find(
    ({ kind, content }) => kind === 'inference' && ((content.input?.length ?? 0) > 0 || content.system !== undefined),
  )

// The slots that `givenOfSpans` reads.
export const givenSlots = (spans: readonly StoredSpan[]): (Slot | undefined)[] => {
  const { system, input = [], tools } = firstCall(spans)?.content ?? {}
  return [system, ...input, tools]
}

const roleOf = (message: unknown): unknown => (message as { role?: unknown } | null)?.role

// Somebody else's run is known by what its first call of a model was given.
export const givenOfSpans = (spans: readonly StoredSpan[], read: Reader): Given | null => {
  const first = firstCall(spans)
  if (!first) return null
  const messages = (first.content.input ?? []).map((slot) => read(slot))
  const told = messages.filter((message) => roleOf(message) === 'system').flatMap(wordsOf)
  const asked = messages.findLastIndex((message) => roleOf(message) === 'user')
  const system = read(first.content.system)
  return {
    systemPrompt: typeof system === 'string' ? system : system === null ? told.join('\n') : stableJson(system),
    message: asked < 0 ? '' : wordsOf(messages[asked]).join('\n'),
    history: messages.filter((message, at) => at !== asked && roleOf(message) !== 'system'),
    parameters: first.facts.params ?? {},
    tools: new Map(
      listOf(read(first.content.tools)).flatMap((tool) => {
        const name = nameOf(tool)
        return name === null ? [] : [[name, tool] as const]
      }),
    ),
  }
}
