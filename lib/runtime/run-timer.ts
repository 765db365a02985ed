import type { Scope } from '@/lib/core/scope'

export const timerOf = (scope: Scope, ms: number) => {
  const over = new AbortController()
  const state = { isLate: false }
  const leave = () => over.abort(scope.signal.reason)
  const timer = setTimeout(() => {
    state.isLate = true
    over.abort(new Error('The run took too long'))
  }, ms)
  scope.signal.addEventListener('abort', leave, { once: true })
  if (scope.signal.aborted) leave()
  return {
    signal: over.signal,
    isLate: () => state.isLate,
    clear: () => {
      clearTimeout(timer)
      scope.signal.removeEventListener('abort', leave)
    },
  }
}
