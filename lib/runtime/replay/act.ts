import type { Reservation } from '@/lib/governance'
import { stableJson } from '@/lib/shared/stable-json'
import type { Ending } from '../end-run'
import { outcomeOf } from '../inputs'
import { type LoopResult, runLoop } from '../loop'
import type { Prepared } from '../prepare'
import type { Run } from '../run'
import { endingOf, saidBy, saidNothing } from '../say'
import { SILENT } from '../sink'
import { broken, type Failed, judged } from '../work'
import { Diverged, diverged, type Found, RecordEnds } from './divergence'
import type { AgentRun, RecordedRun } from './recorded-run'

export type Acted = { status: 'completed' | 'diverged' | 'failed'; message: string; ending: Ending; found?: Found }

const NOWHERE = { taskId: null, delivery: 'none', isSuppressed: false } as const

export const AS_RECORDED = 'Every step is as it was recorded.'

/** It ended where it would have gone another way: neither an answer nor an error. */
export const turnedAway = (prepared: Pick<Prepared, 'question'>, found: Found): Acted => ({
  status: 'diverged',
  message: `The replay ends before step ${found.step}: ${found.what}`,
  found,
  ending: {
    ...NOWHERE,
    status: 'cancelled',
    stopReason: 'diverged',
    model: prepared.question.model,
    failure: null,
    outcome: outcomeOf('', undefined),
  },
})

const failedWith = (prepared: Pick<Prepared, 'question'>, { problem, status, text, result }: Failed): Acted => ({
  status: 'failed',
  message: problem.message,
  ending: {
    ...NOWHERE,
    status,
    stopReason: status === 'cancelled' ? 'cancelled' : null,
    model: result?.model ?? prepared.question.model,
    failure: { code: problem.code, message: problem.message },
    outcome: outcomeOf(text, result),
  },
})

/** What went wrong then goes wrong again, in the words of the record. */
export const brokenOff = (
  { record }: RecordedRun,
  prepared: Pick<Prepared, 'question'>,
  text: string,
  result: LoopResult | undefined,
): Acted => ({
  status: 'completed',
  message: `${AS_RECORDED} The recorded run ended as ${record.status}, and so does this one.`,
  ending: {
    ...NOWHERE,
    status: record.status as Ending['status'],
    stopReason: record.status === 'cancelled' ? 'cancelled' : null,
    model: result?.model ?? prepared.question.model,
    failure: record.errorCode === null ? null : { code: record.errorCode, message: record.error ?? '' },
    outcome: outcomeOf(text, result),
  },
})

const loop = (run: Run, recorded: AgentRun, prepared: Prepared, held: { id: string }): Promise<LoopResult> => {
  const { question, tools, maxSteps, request } = prepared
  const { taskId } = recorded.record
  return runLoop({ run, question, tools, maxSteps, taskId, isHeartbeat: request.isHeartbeat, sink: SILENT }, held)
}

const skipDiffers = (recorded: AgentRun, prepared: Prepared): void => {
  const [now, then] = [prepared.skipped, recorded.inputs.skipped ?? null]
  if (now === then) return
  const what = now === null ? 'The model would be asked; it was not.' : 'The model would not be asked; it was.'
  diverged({ step: 1, kind: 'steps', what })
}

export const sameOutcome = ({ cleaner, record }: RecordedRun, { outcome }: Ending): void => {
  const [now, then] = [(cleaner.value(outcome) as { message: unknown }).message, record.outcome['message']]
  if (stableJson(now) === stableJson(then)) return
  diverged({ step: record.steps.length, kind: 'answer', what: 'Something else is made of the last answer.' })
}

const strictly = async (run: Run, recorded: AgentRun, prepared: Prepared, left: () => number | null) => {
  skipDiffers(recorded, prepared)
  if (prepared.skipped !== null)
    return { ...as(AS_RECORDED), ending: endingOf(saidNothing(prepared), null, 'none') } satisfies Acted
  const result = await loop(run, recorded, prepared, { id: 'recorded' })
  const step = left()
  if (step !== null) diverged({ step, kind: 'steps', what: 'The run would end before this question.' })
  if (recorded.record.status !== 'success' || !result.ok) return brokenOff(recorded, prepared, result.text, result)
  const ending = endingOf(saidBy(prepared, result), null, 'none')
  sameOutcome(recorded, ending)
  return { ...as(AS_RECORDED), ending } satisfies Acted
}

const as = (message: string) => ({ status: 'completed', message }) as const

/** The recorded answers and results once more, through the loop of every run. */
export const actStrictly = async (
  run: Run,
  recorded: AgentRun,
  prepared: Prepared,
  left: () => number | null,
): Promise<Acted> => {
  try {
    return await strictly(run, recorded, prepared, left)
  } catch (error) {
    if (error instanceof Diverged) return turnedAway(prepared, error.found)
    if (error instanceof RecordEnds) return brokenOff(recorded, prepared, '', undefined)
    return failedWith(prepared, broken(run, error))
  }
}

const judgedBy = async (run: Run, first: Reservation, prepared: Prepared, result: LoopResult): Promise<Acted> => {
  const failed = await judged(run, first, result)
  if (failed) return failedWith(prepared, failed)
  if (!result.ok) return failedWith(prepared, broken(run, result.failure))
  return { ...as('The run came to its end.'), ending: endingOf(saidBy(prepared, result), null, 'none') }
}

/** The model is asked anew. */
export const actAnew = async (
  run: Run,
  recorded: AgentRun,
  prepared: Prepared,
  first: Reservation | null,
): Promise<Acted> => {
  if (!first) return { ...as('No model was to be asked.'), ending: endingOf(saidNothing(prepared), null, 'none') }
  try {
    return await judgedBy(run, first, prepared, await loop(run, recorded, prepared, first))
  } catch (error) {
    return failedWith(prepared, broken(run, error))
  }
}

export const isGone = (run: Run, { ending }: Acted): boolean => run.signal.aborted && ending.status === 'cancelled'
