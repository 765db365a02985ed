import type { SpanDraft } from '@/lib/tracing'
import { type Claim, textOf, wordIn } from './claim'
import { aiSdkFinish } from './dialects/ai-sdk'
import { exceptionOf } from './dialects/gen-ai-events'
import { langfuseLevel } from './dialects/langfuse'
import { unpacked } from './json-text'
import type { RawSpan } from './raw-span'

const SPELLINGS: Readonly<Record<string, string>> = {
  'tool-calls': 'tool_calls',
  tool_call: 'tool_calls',
  tool_use: 'tool_calls',
  function_call: 'tool_calls',
  'content-filter': 'content_filter',
  end_turn: 'stop',
  max_tokens: 'length',
}

const canonical = (reason: string): string => wordIn(SPELLINGS, reason.toLowerCase()) ?? reason.toLowerCase()

const KEY = 'gen_ai.response.finish_reasons'
const OLD_KEY = 'llm.response.finish_reason'

const listed = (span: RawSpan, key: string): Claim<string[]> | null => {
  const value = unpacked(span.attributes[key])
  const list = (Array.isArray(value) ? value : [value]).map(textOf).filter((reason) => reason !== null)
  return list.length === 0 ? null : { value: list, by: key }
}

const finishOf = (span: RawSpan, fromMessages: readonly string[]): Claim<readonly string[]> | null => {
  const said = listed(span, KEY) ?? aiSdkFinish(span) ?? listed(span, OLD_KEY)
  return said ?? (fromMessages.length === 0 ? null : { value: fromMessages, by: 'finish_reason' })
}

type Outcome = { status: SpanDraft['status']; flags: readonly string[]; by: Readonly<Record<string, string>> }

// How it ended. An exception names the error where nothing else does.
export const outcomeOf = (span: RawSpan, errorType: Claim<string> | null, fromMessages: readonly string[]): Outcome => {
  const exception = exceptionOf(span)
  const level = langfuseLevel(span)
  const isFailed = span.status.code === 'error' || level !== null
  const finish = finishOf(span, fromMessages)
  const reasons = [...new Set((finish?.value ?? []).map(canonical))]
  const said = textOf(span.attributes['langfuse.observation.status_message'])
  const message = span.status.message ?? said ?? (isFailed ? textOf(exception?.message) : null)
  const type = errorType?.value ?? (isFailed ? textOf(exception?.type) : null)
  const isByException = errorType === null && type !== null
  return {
    status: { code: isFailed ? 'error' : span.status.code, errorType: type, message, finishReasons: reasons },
    flags: reasons.includes('length') ? ['output_truncated'] : [],
    by: {
      status: level !== null && span.status.code !== 'error' ? level.by : 'status',
      ...(finish === null ? {} : { finishReasons: finish.by }),
      ...(isByException ? { errorType: 'event exception' } : {}),
    },
  }
}
