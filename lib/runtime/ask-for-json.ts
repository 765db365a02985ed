import type { Scope } from '@/lib/core/scope'
import type { CommandWrite } from '@/lib/core/writer'
import { uuidv7 } from '@/lib/shared/id'
import type { MicroUsd } from '@/lib/shared/money'
import type { Problem } from '@/lib/shared/problem'
import { choosePin } from '@/lib/workspace'
import type { Question } from './ask-model'
import { actingUser, assertWithinGrant } from './holder'
import { settleTask } from './llm-task'
import { modelFor } from './model-for'
import { placeOf } from './place'
import { outputLimit } from './prepare'
import { singleCall } from './single-call'

export type JsonAsk = {
  workspaceId: string
  system: string
  content: string
  schema: Record<string, unknown>
  model?: string | undefined
  maxTokens?: number | undefined
  temperature: number
  correlationId?: string | undefined
}

export type JsonAnswer = {
  output: unknown
  // Whether it fits the schema.
  validated: boolean
  traceId: string
  model: string
  costMicroUsd: MicroUsd
}

// It has a trace of its own, within whatever its caller does.
const ownScope = (scope: Scope, { workspaceId, correlationId }: JsonAsk): Scope => {
  const state = { traceId: uuidv7(scope.clock.now().getTime()) }
  const retrace = (id: string) => {
    state.traceId = id
  }
  return Object.create(scope, {
    traceId: { get: () => state.traceId },
    retrace: { value: retrace },
    isTraceWished: { value: false },
    once: { value: undefined },
    workspaceId: { value: workspaceId },
    correlationId: { value: correlationId, writable: true },
  }) as Scope
}

export type JsonEnd = {
  // What is written in the commit that ends the question: with its answer, or with what it cost to get none.
  withItsEnd?(answer: JsonAnswer): readonly CommandWrite[]
  withItsFailure?(failure: { problem: Problem; costMicroUsd: MicroUsd }): readonly CommandWrite[]
}

/** One question in the name of the product itself, such as a judge is asked: no pin binds the model that it names. */
export const askForJson = async (
  scope: Scope,
  ask: JsonAsk,
  { withItsEnd, withItsFailure }: JsonEnd = {},
): Promise<JsonAnswer> => {
  const own = ownScope(scope, ask)
  const { model, fallback } = modelFor(own, ask.model)
  const question: Question = {
    model,
    fallback,
    system: ask.system,
    messages: [{ role: 'user', content: ask.content }],
    tools: [],
    temperature: ask.temperature,
    maxTokens: outputLimit(own, model, ask.maxTokens),
  }
  await assertWithinGrant(own, question, ask.workspaceId)
  const wished = placeOf(own, { userId: actingUser(own, { userId: undefined }), role: null, sessionKey: null })
  const chosen = await choosePin(own, wished)
  const answers: JsonAnswer[] = []
  await singleCall(own, {
    kind: 'llm_task',
    alone: { chosen, place: { ...wished, environment: chosen.environment } },
    question,
    inputs: {
      message: ask.content,
      messages: [],
      system_prompt: ask.system,
      temperature: ask.temperature,
      max_tokens: question.maxTokens,
      model: model.name,
      schema: ask.schema,
    },
    read: (answer, run) => settleTask(ask.schema, question, answer, run),
    withItsEnd: (value, run) => {
      const said = { ...value, traceId: run.traceId, model: model.name, costMicroUsd: run.meter.totals().cost }
      answers.splice(0, 1, said)
      return withItsEnd?.(said) ?? []
    },
    withItsFailure: (problem, run) => withItsFailure?.({ problem, costMicroUsd: run.meter.totals().cost }) ?? [],
  })
  const [answer] = answers
  if (!answer) throw new Error('A question came to no end')
  return answer
}
