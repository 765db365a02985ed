import {
  type AssistantMessage,
  type AssistantMessageEvent,
  isContextOverflow,
  type ProviderStreamOptions,
} from '@mariozechner/pi-ai'
import { kernel } from '@/lib/core/kernel'
import { NO_USAGE, type Usage } from '@/lib/shared/chat'
import { adjustPayload } from './adjust-payload'
import { keepSignature } from './call-signatures'
import type { LibraryModel } from './catalogue'
import { createFinishScan } from './finish-scan'
import { callLibrary } from './library-load'
import { libraryModelOf, temperatureFor } from './library-model'
import type { Finish, ModelRef } from './model-ref'
import { isProvider, PROVIDERS, type ProviderName } from './provider-table'
import { toContext } from './to-context'
import type { Ending, Piece, Request, Upstream } from './upstream'
import { onWire, type WireRecord } from './wire'

const FINISH: Readonly<Record<AssistantMessage['stopReason'], Finish>> = {
  stop: 'stop',
  length: 'length',
  toolUse: 'tool_calls',
  error: 'stop',
  aborted: 'stop',
}

const LEAST_BOUND = 100_000

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

// A figure that cannot be is no figure, and no call comes near such ones.
const usageOf = ({ input, output, cacheRead, cacheWrite }: Usage, { contextWindow, maxOutput }: ModelRef): Usage => {
  const isTrue =
    [input, output, cacheRead, cacheWrite].every(isCount) &&
    input + cacheRead + cacheWrite <= contextWindow * 2 &&
    output <= Math.max(LEAST_BOUND, maxOutput * 4)
  return isTrue ? { input, output, cacheRead, cacheWrite } : NO_USAGE
}

// Some repeat all that was sent.
const MOST_ERROR = 65_536

const keepSignatures = (message: AssistantMessage): void => {
  for (const block of message.content)
    if (block.type === 'toolCall' && block.thoughtSignature && block.id !== '')
      keepSignature(block.id, block.thoughtSignature)
}

const endingOf = (
  message: AssistantMessage,
  texts: ReadonlyMap<number, string>,
  record: WireRecord,
  model: ModelRef,
): Ending => {
  const { errorMessage, stopReason } = message
  const incomplete = record.scan.incompleteUsage()
  const isShortened = incomplete !== null || record.scan.reason() === 'max_output_tokens'
  return {
    error:
      stopReason === 'error' || stopReason === 'aborted'
        ? (errorMessage ?? 'The provider reported an error').slice(0, MOST_ERROR)
        : null,
    finish: isShortened ? 'length' : FINISH[stopReason],
    rawFinish: record.scan.reason(),
    toolCalls: message.content.flatMap((block, at) =>
      block.type === 'toolCall'
        ? [{ id: block.id, name: block.name, arguments: block.arguments, text: texts.get(at) ?? '' }]
        : [],
    ),
    usage: usageOf(incomplete ?? message.usage, model),
    isOverflow: isContextOverflow(message, model.contextWindow),
  }
}

const pieceOf = (event: AssistantMessageEvent, texts: Map<number, string>): Piece | null => {
  if (event.type === 'start') return { kind: 'begun' }
  if (event.type === 'text_delta') return { kind: 'text', delta: event.delta }
  if (event.type === 'thinking_delta') return { kind: 'thinking', delta: event.delta }
  if (event.type !== 'toolcall_delta') return null
  texts.set(event.contentIndex, (texts.get(event.contentIndex) ?? '') + event.delta)
  return { kind: 'tool', characters: event.delta.length }
}

const recordOf = ({ key, signal, onReply, onArguments }: Request, provider: ProviderName): WireRecord => {
  const { api, header, prefix } = PROVIDERS[provider]
  return {
    api,
    auth: { header, value: `${prefix}${key}` },
    signal,
    scan: createFinishScan(api),
    onReply,
    onArguments,
    isSent: false,
    status: null,
    retryAfter: null,
    causeCode: null,
    refusal: '',
    argumentCharacters: 0,
    fault: null,
  }
}

// Above our own limits, so that ours decide.
const SPARE_MS = 5_000

const optionsOf = (request: Request, model: LibraryModel): ProviderStreamOptions => {
  const temperature = temperatureFor(model, request.temperature)
  return {
    apiKey: request.key,
    signal: request.signal,
    maxRetries: 0,
    timeoutMs: kernel().env.CLASPER_MODEL_HEADER_MS + SPARE_MS,
    maxTokens: Math.min(request.maxTokens, request.model.maxOutput),
    cacheRetention: 'short',
    onPayload: (payload) => adjustPayload(payload, model),
    ...(temperature === undefined ? {} : { temperature }),
  }
}

const read = async function* (request: Request, record: WireRecord): AsyncGenerator<Piece> {
  const model = libraryModelOf(request.model)
  if (model === null) throw new TypeError('A provider that the library does not know')
  const texts = new Map<number, string>()
  const events = onWire(record, () => callLibrary(model, toContext(model, request), optionsOf(request, model)))
  for await (const event of events) {
    if (event.type === 'done' || event.type === 'error') {
      const message = event.type === 'done' ? event.message : event.error
      if (request.model.provider === 'google') keepSignatures(message)
      yield { kind: 'end', ending: endingOf(message, texts, record, request.model) }
      return
    }
    const piece = pieceOf(event, texts)
    if (piece) yield piece
  }
}

export const openLibrary = (request: Request): Upstream => {
  const { provider } = request.model
  const record = recordOf(request, isProvider(provider) ? provider : 'openai')
  return { pieces: read(request, record), seen: record }
}
