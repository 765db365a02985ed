import { kernel } from '@/lib/core/kernel'
import { laterOwnJob } from '@/lib/core/outbox'
import type { Scope } from '@/lib/core/scope'
import type { GivenPins } from '@/lib/workspace'
import type { EvalBody, EvalReply } from '../contract'
import { getEval } from './get-eval'
import { startRun } from './start-run'
import { type Work, workRun } from './work-run'

const WAIT_MS = 20_000
// By then whoever began it here has handed it over, or is no more.
const JOB_AFTER_MS = 60_000

// A server that leaves lets what is at hand come to its end.
const kept = (work: Promise<unknown>): void => {
  const all = kernel().slot('evals.at-hand', () => {
    const works = new Set<Promise<unknown>>()
    kernel().onStop('work', async () => void (await Promise.allSettled([...works])))
    return works
  })
  all.add(work)
  void work.finally(() => all.delete(work)).catch(() => undefined)
}

const handOver = async (scope: Scope, jobId: string): Promise<void> => {
  await scope.command({ audit: [], writes: [laterOwnJob(jobId, 0)] })
}

const after = (ms: number, signal: AbortSignal): { over: Promise<void>; clear: () => void } => {
  let end: () => void = () => undefined
  const over = new Promise<void>((resolve) => {
    end = resolve
  })
  const timer = setTimeout(end, ms)
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  return {
    over,
    clear: () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
    },
  }
}

const begun = (scope: Scope, id: string, jobId: string, stop: AbortSignal): Promise<Work> => {
  const work = workRun(scope, id, stop).then(async (outcome) => {
    if (outcome === 'left') await handOver(scope, jobId)
    return outcome
  })
  const told = work.catch((error: unknown) => {
    scope.log.error('an evaluation broke off and waits for its job', { error })
    return 'left' as const
  })
  kept(told)
  return told
}

const waitedFor = async (scope: Scope, id: string, jobId: string): Promise<EvalReply> => {
  const stop = new AbortController()
  const wait = after(WAIT_MS, scope.signal)
  await Promise.race([begun(scope, id, jobId, stop.signal), wait.over])
  wait.clear()
  stop.abort()
  return getEval(scope, id)
}

// A repetition is told what this call is told.
const toldAgain = async (scope: Scope, reply: EvalReply): Promise<EvalReply> => {
  if (scope.once) await scope.command({ audit: [], writes: [scope.once.write(200, reply)] })
  return reply
}

/**
 * Runs an evaluation. What takes longer than a request may is answered as running: cases that were begun come to their
 * end here, and a worker goes on with the rest.
 */
export const runEval = async (scope: Scope, body: EvalBody, pins?: GivenPins): Promise<EvalReply> => {
  const { row, jobId } = await startRun(scope, body, { jobDelayMs: body.wait ? JOB_AFTER_MS : 0, pins })
  if (!body.wait) return getEval(scope, row.id, { limit: 1 })
  return toldAgain(scope, await waitedFor(scope, row.id, jobId))
}
