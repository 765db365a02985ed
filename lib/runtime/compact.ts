import type { Scope } from '@/lib/core/scope'
import type { BodyOf, ReplyOf } from '@/lib/shared/contract'
import type { compact as contract } from './contract'
import { assertWithinGrant } from './holder'
import { modelFor } from './model-for'
import { outputLimit } from './prepare'
import { costOfRun, usageOf } from './reply'
import { settleAlone } from './settle-alone'
import { cheapModel, singleCall } from './single-call'

type Body = BodyOf<typeof contract>
type Reply = ReplyOf<typeof contract>

const TEMPERATURE = 0.3
const PREFIX = '[Previous conversation summary]'
export const COMPACT_SYSTEM = [
  'You condense conversations between a user and an assistant so that the assistant can go on without the original.',
  'Keep names, numbers, identifiers, decisions, open questions and promises. Leave out greetings and repetition.',
  'Write plain prose in the language of the conversation. Answer with the summary alone.',
].join(' ')

const NO_COST = {
  input_tokens: 0,
  output_tokens: 0,
  input_cost: 0,
  output_cost: 0,
  total_cost: 0,
  total_cost_micro_usd: 0,
  currency: 'USD',
} as const

const unchanged = ({ messages }: Body, model: string): Reply => ({
  status: 'ok',
  compacted_messages: messages,
  usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
  cost: { model, ...NO_COST },
  original_count: messages.length,
  compacted_count: messages.length,
  trace_id: null,
})

const transcript = (messages: Body['messages']): string =>
  messages.map(({ role, content }) => `${role}: ${content}`).join('\n\n')

const promptOf = (old: Body['messages'], instructions: string | undefined): string =>
  [
    'Summarize this conversation.',
    ...(instructions ? [`Also mind: ${instructions}`] : []),
    `<conversation>\n${transcript(old)}\n</conversation>`,
  ].join('\n\n')

export const compact = async (scope: Scope, body: Body): Promise<Reply> => {
  const alone = await settleAlone(scope, body)
  const { model, fallback } = modelFor(scope, undefined, alone.chosen, cheapModel())
  const { messages, keep_recent: keep } = body
  if (messages.length <= keep) return unchanged(body, model.id)
  const old = messages.slice(0, messages.length - keep)
  const recent = messages.slice(messages.length - keep)
  const content = promptOf(old, body.instructions)
  const question = {
    model,
    fallback,
    system: COMPACT_SYSTEM,
    messages: [{ role: 'user' as const, content }],
    tools: [],
    temperature: TEMPERATURE,
    maxTokens: outputLimit(scope, model, undefined),
  }
  await assertWithinGrant(scope, question)
  const {
    run,
    value,
    model: answerer,
  } = await singleCall(scope, {
    kind: 'compact',
    alone,
    question,
    decisionId: body.decision_id,
    inputs: {
      message: content,
      messages: [],
      system_prompt: COMPACT_SYSTEM,
      temperature: TEMPERATURE,
      max_tokens: question.maxTokens,
      model: model.name,
      keep_recent: keep,
    },
    read: async (answer) => ({ value: answer.text.trim(), text: answer.text, model: answer.model }),
  })
  const compacted = [{ role: 'system' as const, content: `${PREFIX}\n${value}` }, ...recent]
  return {
    status: 'ok',
    compacted_messages: compacted,
    usage: usageOf(run),
    cost: costOfRun(run, answerer),
    original_count: messages.length,
    compacted_count: compacted.length,
    trace_id: run.traceId,
  }
}
