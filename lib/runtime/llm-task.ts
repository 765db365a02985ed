import { checkSchema, validate } from '@/lib/core/json-schema'
import type { Scope } from '@/lib/core/scope'
import type { BodyOf, ReplyOf } from '@/lib/shared/contract'
import { Problem } from '@/lib/shared/problem'
import { askModel, holdStep, type Question } from './ask-model'
import type { llmTask as contract } from './contract'
import { assertWithinGrant } from './holder'
import { modelFor } from './model-for'
import { outputLimit } from './prepare'
import { costOfRun, usageOf } from './reply'
import type { Run } from './run'
import { settleAlone } from './settle-alone'
import { type Answer, answered, singleCall } from './single-call'

type Body = BodyOf<typeof contract>
type Reply = ReplyOf<typeof contract>

export const TASK_SYSTEM =
  'You do one task and answer with JSON alone: no prose, no code fence. If a JSON Schema is given, the answer fits it.'
const SHOWN = 200
const MAX_FAULTS = 20

const promptOf = ({ prompt, input, schema }: Body): string =>
  [
    prompt,
    ...(input === undefined ? [] : [`Input:\n${JSON.stringify(input, null, 2)}`]),
    ...(schema === undefined ? [] : [`JSON Schema of the answer:\n${JSON.stringify(schema)}`]),
  ].join('\n\n')

type Read = { ok: true; value: unknown; faults: readonly string[] } | { ok: false }

// Models wrap JSON in fences however often they are told not to.
const bare = (text: string): string => /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text

const read = (text: string, schema: Body['schema']): Read => {
  try {
    const value: unknown = JSON.parse(bare(text))
    const faults = schema === undefined ? [] : validate(schema, value)
    return { ok: true, value, faults: faults.map(({ path, message }) => `${path || '(root)'}: ${message}`) }
  } catch {
    return { ok: false }
  }
}

const repairOf = (text: string, found: Read): string =>
  found.ok
    ? `Your answer does not fit the schema:\n${found.faults.slice(0, MAX_FAULTS).join('\n')}\nAnswer again, with the corrected JSON alone.`
    : `Your answer is not valid JSON (it began with ${JSON.stringify(text.slice(0, SHOWN))}). Answer again, with JSON alone.`

const isFine = (found: Read): boolean => found.ok && found.faults.length === 0

const repaired = async (run: Run, question: Question, answer: Answer, found: Read): Promise<Answer | null> => {
  const second: Question = {
    ...question,
    messages: [
      ...question.messages,
      { role: 'assistant', content: answer.text },
      { role: 'user', content: repairOf(answer.text, found) },
    ],
  }
  const held = await holdStep(run, second)
  return held ? answered(await askModel(run, second, held)) : null
}

const invalid = (text: string): Problem =>
  new Problem('provider_invalid_output', `LLM task failed: invalid JSON returned: ${text.slice(0, SHOWN)}`)

// One repair attempt; then text that is no JSON is an error, and JSON that does not fit is handed over as not validated.
export const settleTask = async (schema: Body['schema'], question: Question, first: Answer, run: Run) => {
  const found = read(first.text, schema)
  const second = isFine(found) ? null : await repaired(run, question, first, found)
  const again = second ? read(second.text, schema) : null
  const best = again && (again.ok || !found.ok) ? again : found
  const answer = second && best === again ? second : first
  if (!best.ok) throw invalid(answer.text)
  const validated = schema !== undefined && best.faults.length === 0
  return { value: { output: best.value, validated }, text: answer.text, model: answer.model }
}

const refuseSchema = (schema: Body['schema']): void => {
  const faults = schema === undefined ? [] : checkSchema(schema)
  if (faults.length === 0) return
  const messages = faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  throw new Problem('invalid_request', 'Invalid payload', { formErrors: [], fieldErrors: { schema: messages } })
}

export const llmTask = async (scope: Scope, body: Body): Promise<Reply> => {
  refuseSchema(body.schema)
  const alone = await settleAlone(scope, body)
  const { model, fallback } = modelFor(scope, body.model, alone.chosen)
  const content = promptOf(body)
  const question: Question = {
    model,
    fallback,
    system: TASK_SYSTEM,
    messages: [{ role: 'user', content }],
    tools: [],
    temperature: body.temperature,
    maxTokens: outputLimit(scope, model, body.max_tokens),
  }
  await assertWithinGrant(scope, question)
  const {
    run,
    value,
    model: answerer,
  } = await singleCall(scope, {
    kind: 'llm_task',
    alone,
    question,
    decisionId: body.decision_id,
    inputs: {
      message: content,
      messages: [],
      system_prompt: TASK_SYSTEM,
      temperature: body.temperature,
      max_tokens: question.maxTokens,
      model: model.name,
      ...(body.schema ? { schema: body.schema } : {}),
    },
    read: (answer, opened) => settleTask(body.schema, question, answer, opened),
  })
  return { status: 'ok', ...value, usage: usageOf(run), cost: costOfRun(run, answerer), trace_id: run.traceId }
}
