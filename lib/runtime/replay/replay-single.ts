import type { Scope } from '@/lib/core/scope'
import type { Reservation } from '@/lib/governance'
import { askModel, promptTokensOf, type Question } from '../ask-model'
import { COMPACT_SYSTEM } from '../compact'
import type { ReplayBody } from '../contract'
import { assertWithinGrant } from '../holder'
import { settleTask, TASK_SYSTEM } from '../llm-task'
import { outputLimit } from '../prepare'
import { openRun, type Run, type RunPlan } from '../run'
import { type Answer, answered, singleEnding, singleFailure } from '../single-call'
import { type Acted, AS_RECORDED, brokenOff, sameOutcome, turnedAway } from './act'
import { Diverged, diverged, RecordEnds } from './divergence'
import { watchedPort } from './live-port'
import { auditsOf } from './plan'
import { findsOf } from './recorded-finds'
import { recordedPort } from './recorded-port'
import type { SingleRun } from './recorded-run'
import { invalid, modelsFor, refuseSkills } from './target'

const questionOf = (scope: Scope, run: SingleRun, body: ReplayBody): Question => {
  const { model, fallback } = modelsFor(scope, run, body)
  const { message, max_tokens: most, temperature } = run.inputs
  return {
    model,
    fallback,
    system: run.kind === 'compact' ? COMPACT_SYSTEM : TASK_SYSTEM,
    messages: [{ role: 'user', content: message }],
    tools: [],
    temperature: body.temperature ?? temperature,
    maxTokens: body.mode === 'strict' ? most : outputLimit(scope, model, most),
  }
}

const planOf = (recorded: SingleRun, question: Question, body: ReplayBody): RunPlan => {
  const { id: of, workspaceId, environment, userId, agentRole: role, sessionKey, inputs } = recorded.record
  const { model, temperature, maxTokens, system } = question
  return {
    kind: 'replay',
    place: { workspaceId, environment, userId, role, sessionKey },
    model,
    promptTokens: promptTokensOf(question),
    maxTokens,
    workspaceHash: null,
    promptSource: 'none',
    risk: null,
    inputs: { ...inputs, system_prompt: system, temperature, max_tokens: maxTokens, model: model.name },
    replay: { of, mode: body.mode, ...(body.mode === 'strict' ? { found: findsOf(recorded) } : {}) },
    asksModel: body.mode !== 'strict',
    audits: auditsOf({ of, body, model, version: null, temperature }),
  }
}

const read = async (recorded: SingleRun, question: Question, answer: Answer, run: Run) =>
  recorded.kind === 'compact'
    ? { text: answer.text, model: answer.model }
    : settleTask(recorded.inputs.schema, question, answer, run)

const ask = async (run: Run, recorded: SingleRun, question: Question, held: { id: string }) => {
  const { text, model } = await read(recorded, question, answered(await askModel(run, question, held)), run)
  return singleEnding(model, text, null)
}

type Left = () => number | null

const strictly = async (run: Run, recorded: SingleRun, question: Question, left: Left): Promise<Acted> => {
  try {
    const ending = await ask(run, recorded, question, { id: 'recorded' })
    const step = left()
    if (step !== null) diverged({ step, kind: 'steps', what: 'The run would end before this question.' })
    sameOutcome(recorded, ending)
    return { status: 'completed', message: AS_RECORDED, ending }
  } catch (error) {
    if (error instanceof Diverged) return turnedAway({ question }, error.found)
    const isAsRecorded = error instanceof RecordEnds || recorded.record.status !== 'success'
    return isAsRecorded ? brokenOff(recorded, { question }, '', undefined) : failed(run, question, error)
  }
}

const failed = (run: Run, question: Question, error: unknown): Acted => {
  const failure = singleFailure(run, error)
  return { status: 'failed', message: failure.problem.message, ending: singleEnding(question.model, '', failure) }
}

const anew = async (run: Run, recorded: SingleRun, question: Question, first: Reservation): Promise<Acted> => {
  try {
    const ending = await ask(run, recorded, question, first)
    return { status: 'completed', message: 'The run came to its end.', ending }
  } catch (error) {
    return failed(run, question, error)
  }
}

/** A call without an agent once more: a summary, or a task answered as JSON. */
export const replaySingle = async (scope: Scope, recorded: SingleRun, body: ReplayBody) => {
  if (body.workspace_version !== undefined) invalid('workspace_version', 'This run was given no workspace')
  refuseSkills(body)
  const question = questionOf(scope, recorded, body)
  const plan = planOf(recorded, question, body)
  if (body.mode === 'strict') {
    const port = recordedPort(recorded)
    const { run } = await openRun(scope, { ...plan, port })
    return {
      run,
      question,
      skillVersions: {},
      acted: await strictly(run, recorded, question, () => port.left()?.seq ?? null),
    }
  }
  await assertWithinGrant(scope, question, plan.place.workspaceId)
  const port = watchedPort(recorded)
  const { run, first } = await openRun(scope, { ...plan, port })
  if (!first) throw new Error('A call of a model is always held')
  const acted = await anew(run, recorded, question, first)
  const found = port.found()
  return { run, question, skillVersions: {}, acted: found ? { ...acted, found } : acted }
}
