import { approvedCalls, begunCalls } from './approved-calls'
import { absorb, type LoopResult, runLoop, saved, type Work } from './loop'
import type { Half, Progress, ToolRecord } from './progress'
import { inOrder, performAll } from './tool-step'

const finishHalf = async (work: Work, half: Half): Promise<ToolRecord[]> => {
  const around = { ...work, begun: () => [] }
  const begun = await begunCalls(around, half.ready)
  const decided = await approvedCalls(around, half.waiting)
  const ready = [...begun, ...decided.flatMap((one) => ('ready' in one ? [one.ready] : []))]
  const refused = decided.flatMap((one) => ('record' in one ? [one.record] : []))
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
