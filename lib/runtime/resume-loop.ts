import { approvedCalls, begunCalls } from './approved-calls'
import { absorb, type LoopResult, runLoop, saved, type Work } from './loop'
import type { Half, Progress, ToolRecord } from './progress'
import { inOrder, performAll } from './tool-step'
import { judgementWrites } from './waiting-calls'

const finishHalf = async (work: Work, half: Half): Promise<ToolRecord[]> => {
  const around = { ...work, begun: () => [] }
  const begun = await begunCalls(around, half.ready)
  const decided = await approvedCalls(around, half.waiting)
  const ready = [...begun, ...decided.flatMap((one) => ('ready' in one ? [one.ready] : []))]
  const refused = decided.flatMap((one) => ('record' in one ? [one.record] : []))
  // What a person approved has its decision; every other answer is stored before anything is done.
  const anew = judgementWrites(
    work.run,
    ready.filter(({ isApproved }) => isApproved !== true),
  )
  if (anew.length > 0) await work.run.flush([], anew)
  const done = await performAll(around, ready)
  return inOrder(half.answer.toolCalls, [...half.records, ...refused, ...done])
}

/** From where the run stopped: first what it stopped for, then step by step like every run. */
export const resumeLoop = async (work: Work, { loop, half }: Progress): Promise<LoopResult> => {
  const state = { ...loop, messages: [...loop.messages], records: [...loop.records] }
  if (half) {
    absorb(state, half.answer, await finishHalf(work, half))
    await saved(work.run, state, work.tools)
  }
  return runLoop(work, null, state)
}
