import { setTimeout as sleep } from 'node:timers/promises'
import type { Scope } from '@/lib/core/scope'
import { runEval, workRun } from '@/lib/evals'
import type { EvalBody } from '@/lib/evals/contract'
import type { GivenPins } from '@/lib/workspace'

const BUSY_MS = 500

type Wish = Pick<EvalBody, 'dataset' | 'options' | 'workspace_id' | 'environment' | 'version_hash' | 'promotion_id'>

// The key of the request is that of the promotion: no evaluation answers in its place.
const withoutKey = (scope: Scope): Scope =>
  Object.create(scope, { once: { value: undefined, writable: true } }) as Scope

/** Written down and not begun: its id is kept before any of it is paid. */
export const startEvaluation = async (
  scope: Scope,
  wish: Wish,
  pins: GivenPins,
): Promise<{ id: string; version: number | null }> => {
  const { id, result } = await runEval(withoutKey(scope), { ...wish, wait: false }, pins)
  return { id, version: result.dataset_version }
}

/** Until it has ended, here or in another process that was faster. */
export const endEvaluation = async (scope: Scope, id: string, signal: AbortSignal): Promise<void> => {
  for (;;) {
    const outcome = await workRun(scope, id, signal)
    if (outcome === 'done' || outcome === 'gone') return
    signal.throwIfAborted()
    await sleep(BUSY_MS, undefined, { signal })
  }
}
